// Addresses inside the stand-alone page: a screen is named by `screen`, a heatmap by its application and page.

import type { MouseEvent } from 'react';

import type { UrlPort } from '../workspace/context';

export const SCREENS = ['home', 'new', 'heatmap', 'shares', 'sites', 'health', 'replay', 'connect'] as const;
export type Screen = (typeof SCREENS)[number];

/** Key of the saved heatmap that is being looked at. */
export const SAVED = 'saved';

/** Which screen an address is of. */
export function screenOf(search: string): Screen {
  const params = new URLSearchParams(search);
  const named = SCREENS.find((screen) => screen === params.get('screen'));
  return named ?? (params.get('app') ? 'heatmap' : 'home');
}

/** The query part of a screen's address; the time range goes along. */
export function searchOf(screen: Screen, before: string, more: Record<string, string> = {}): string {
  const old = new URLSearchParams(before);
  const params = new URLSearchParams();
  for (const key of ['from', 'to']) {
    const value = old.get(key);
    if (value) {
      params.set(key, value);
    }
  }
  if (screen !== 'home' && screen !== 'heatmap') {
    params.set('screen', screen);
  }
  Object.entries(more).forEach(([key, value]) => value && params.set(key, value));
  return params.toString();
}

/** The address of a saved heatmap. */
export const savedSearch = (heatmap: { id: string; address: string }): string => {
  const params = new URLSearchParams(heatmap.address);
  params.set(SAVED, heatmap.id);
  return params.toString();
};

/** What Grafana adds to the address of whoever follows one of its links. */
const GRAFANAS = /^(uel_\w+|orgId|kiosk)$/;

/** What a saved heatmap keeps of an address: not which saved one it came from, nor how it was come by. */
export function addressOf(search: string): string {
  const params = new URLSearchParams(search);
  const others = [...params.keys()].filter((key) => GRAFANAS.test(key));
  [SAVED, 'screen', ...others].forEach((key) => params.delete(key));
  return params.toString();
}

/** Attributes of a link that moves inside the page; with a modifier key it opens as any link does. */
export const linkTo = (url: UrlPort, search: string) => ({
  href: url.href?.(search) ?? `?${search}`,
  onClick: (event: MouseEvent) => {
    if (!event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      url.write(search, 'push');
    }
  },
});
