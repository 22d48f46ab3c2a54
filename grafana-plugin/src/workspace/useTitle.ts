// The title of the document: what is looked at, from the smallest to the largest.

import { useEffect } from 'react';

import { text } from './text';

/** "Rage clicks · /checkout · Shop — Isotherm"; empty parts are left out. */
export function useTitle(...parts: string[]): void {
  const words = parts.filter(Boolean).join(' · ');
  const title = words ? `${words} — ${text.product}` : text.product;
  useEffect(() => {
    document.title = title;
    // Grafana names its pages, too, after what is in them was drawn.
    const last = setTimeout(() => (document.title = title));
    return () => clearTimeout(last);
  }, [title]);
}
