// Tells @grafana/ui where its icons and fonts are. Imported before anything of Grafana's: it is read while loading.

declare global {
  interface Window {
    __grafana_public_path__?: string;
  }
}

window.__grafana_public_path__ = new URL('assets/grafana/', document.baseURI).toString();

export {};
