// The workspace's state in the browser's own address.

import type { UrlPort } from '../workspace/context';

const CHANGED = 'isotherm:address';

export const browserUrl: UrlPort = {
  read: () => window.location.search.slice(1),
  write(search, how) {
    const url = `${window.location.pathname}${search ? `?${search}` : ''}`;
    if (how === 'push') {
      window.history.pushState(null, '', url);
    } else {
      window.history.replaceState(null, '', url);
    }
    window.dispatchEvent(new Event(CHANGED));
  },
  listen(changed) {
    window.addEventListener('popstate', changed);
    window.addEventListener(CHANGED, changed);
    return () => {
      window.removeEventListener('popstate', changed);
      window.removeEventListener(CHANGED, changed);
    };
  },
};
