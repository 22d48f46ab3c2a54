// Windows that stand side by side and scroll as one.

import React, { createContext, useContext, useEffect, useMemo, type ReactNode, type RefObject } from 'react';

type Joined = Set<HTMLElement>;

const Context = createContext<Joined | null>(null);

export function LinkedScroll({ children }: { children: ReactNode }) {
  const joined = useMemo<Joined>(() => new Set(), []);
  return <Context.Provider value={joined}>{children}</Context.Provider>;
}

/** Join the windows around, if there are any; returns what moves the others along. */
export function useLinkedScroll(own: RefObject<HTMLElement | null>): (scrollTop: number) => void {
  const joined = useContext(Context);
  useEffect(() => {
    const element = own.current;
    if (!joined || !element) {
      return;
    }
    joined.add(element);
    return () => void joined.delete(element);
  }, [joined, own]);
  return (scrollTop) =>
    joined?.forEach((other) => {
      if (other !== own.current && Math.abs(other.scrollTop - scrollTop) > 1) {
        other.scrollTop = scrollTop;
      }
    });
}
