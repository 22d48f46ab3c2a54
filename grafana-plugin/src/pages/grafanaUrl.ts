// The workspace's state in Grafana's address: the screen is the path, everything else is the query part. What does not
// belong to a screen (which data source, kiosk mode) stays in the address whatever is written.

import { locationService } from '@grafana/runtime';

import { screenOf, SCREENS, type Screen } from '../library/links';
import type { UrlPort } from '../workspace/context';
import { APP_PATH } from '../grafana/sources';

/** Grafana's own keys and the data source's: never part of a screen's state. */
const KEPT = ['source', 'orgId', 'kiosk', 'theme', 'timezone'] as const;

const HOME: Screen = 'home';

/** What a path calls its screen: "/a/<id>/shares" is "shares". */
const nameAt = (pathname: string): string => pathname.slice(APP_PATH.length).replace(/^\/|\/$/g, '');

/** Which screen a path is of; what is not known is the home page. */
export function screenAt(pathname: string): Screen {
  const name = nameAt(pathname);
  return SCREENS.find((screen) => screen === name) ?? HOME;
}

/** The path below Grafana's own address that shows what a query part names. */
function pathOf(search: string): string {
  const params = new URLSearchParams(search);
  const screen = screenOf(search);
  params.delete('screen');
  const now = new URLSearchParams(locationService.getLocation().search);
  KEPT.forEach((key) => {
    const value = now.get(key);
    if (value !== null) {
      params.set(key, value);
    }
  });
  const query = params.toString();
  return `${APP_PATH}${screen === HOME ? '' : `/${screen}`}${query ? `?${query}` : ''}`;
}

/** Below Grafana's own address comes the sub-path that it is served under. */
export const grafanaUrl = (subUrl: string): UrlPort => ({
  read() {
    const { pathname, search } = locationService.getLocation();
    const params = new URLSearchParams(search);
    KEPT.forEach((key) => params.delete(key));
    const name = nameAt(pathname);
    if (name && name !== HOME) {
      params.set('screen', name); // also one that there is not: Home says so
    }
    return params.toString();
  },
  write(search, how) {
    locationService[how](pathOf(search));
  },
  listen: (changed) => locationService.getHistory().listen(changed),
  href: (search) => `${subUrl}${pathOf(search)}`,
});
