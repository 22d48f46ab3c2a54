// Entry of the stand-alone page.

import './publicPath';
import './firstPicture';

import React from 'react';
import { createRoot } from 'react-dom/client';

import { beginLanguage } from '../language/language';
import { App } from './App';
import { bringIcons } from './icons';

beginLanguage();
bringIcons();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <React.StrictMode>
      <App />
    </React.StrictMode>
  );
}
