// What the pages around the map share: the library and the address.

import { createContext, useContext, useSyncExternalStore } from 'react';

import type { Library } from '../contract/library';
import type { UrlPort } from '../workspace/context';

interface LibraryPages {
  library: Library;
  url: UrlPort;
}

const Context = createContext<LibraryPages | null>(null);

export const LibraryProvider = Context.Provider;

/** The library, the address, and its query part now. Throws outside of a LibraryProvider. */
export function useLibrary(): LibraryPages & { search: string } {
  const pages = useContext(Context);
  if (!pages) {
    throw new Error('useLibrary needs a LibraryProvider around it');
  }
  const search = useSyncExternalStore(pages.url.listen, pages.url.read);
  return { ...pages, search };
}
