// What an application is called, told anew when its name becomes known or changes.

import { useCallback, useSyncExternalStore } from 'react';

import { useWorkspace } from './context';

export function useApplicationName(application: string): string {
  const { names } = useWorkspace().backend;
  const read = useCallback(() => names.of(application), [names, application]);
  return useSyncExternalStore(names.listen, read);
}
