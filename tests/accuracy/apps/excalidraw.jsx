import { createRoot } from 'react-dom/client'
import { Excalidraw } from '@excalidraw/excalidraw'
window.EXCALIDRAW_ASSET_PATH = '/excalidraw/assets/'
createRoot(document.getElementById('root')).render(<div style={{ height: '100vh' }}><Excalidraw /></div>)
