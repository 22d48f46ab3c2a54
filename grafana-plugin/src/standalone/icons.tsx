// The icons come with the page: on a slow network each would be a request that the heat has to wait behind.

import React from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import InlineSVG, { cacheStore } from 'react-inlinesvg';

/** What esbuild.mjs puts in: an icon's file below Grafana's icons, and its SVG. */
declare const ISOTHERM_ICONS: Record<string, string>;

/** Where @grafana/ui looks for its icons. */
const ROOT = 'build/img/icons/';

export function bringIcons(): void {
  // The library makes its cache when it first draws something.
  const root = createRoot(document.createElement('div'));
  flushSync(() => root.render(<InlineSVG src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" />));
  root.unmount();
  for (const [file, content] of Object.entries(ISOTHERM_ICONS)) {
    cacheStore.set(`${window.__grafana_public_path__ ?? ''}${ROOT}${file}`, { content, status: 'loaded' });
  }
}
