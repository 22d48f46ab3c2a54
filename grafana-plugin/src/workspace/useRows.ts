// Long lists: only the rows near the window are in the document. Short ones are whole, so that the browser finds in them.

import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';

/** Rows that are drawn without a window. */
const WHOLE = 120;
const OVERSCAN = 12;

export interface Rows {
  /** Positions of the rows that are in the document. */
  shown: number[];
  /** Px that stand for the rows before and after them. */
  before: number;
  after: number;
  /** Goes onto each row, with `data-index` = its position. */
  measure: ((row: Element | null) => void) | undefined;
  /** Bring a row into the window. */
  show: (at: number) => void;
}

const isScroller = (element: Element): boolean => /auto|scroll/.test(getComputedStyle(element).overflowY);

function scrollerOf(element: HTMLElement): HTMLElement | null {
  let parent = element.parentElement;
  while (parent && !isScroller(parent)) {
    parent = parent.parentElement;
  }
  return parent;
}

/**
 * Rows of a list that scrolls in whatever is around `list`. `keys` = one per row; other keys lay all rows out anew.
 * `guess` = px of a row that has not been measured.
 */
export function useRows(keys: readonly string[], guess: number, list: RefObject<HTMLElement | null>): Rows {
  const count = keys.length;
  const scroller = useRef<HTMLElement | null>(null);
  const scrolling = useRef(false);
  const [margin, setMargin] = useState(0);
  const [, setFound] = useState(false);
  // After each drawing, since what stands above the list may have grown; but not for each that scrolling makes.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- it comes to rest: a px more or less is none
  useLayoutEffect(() => {
    const element = list.current;
    if (!element || count <= WHOLE || scrolling.current) {
      return;
    }
    scroller.current = scrollerOf(element);
    const above = scroller.current
      ? element.getBoundingClientRect().top - scroller.current.getBoundingClientRect().top
      : 0;
    const now = above + (scroller.current?.scrollTop ?? 0);
    setMargin((before) => (Math.abs(before - now) > 1 ? Math.round(now) : before));
    setFound(true);
  });
  const getItemKey = useCallback((at: number) => keys[at], [keys]);
  // eslint-disable-next-line react-hooks/incompatible-library -- what it returns is used while drawing, and kept nowhere
  const virtual: Virtualizer<HTMLElement, Element> = useVirtualizer({
    count: count > WHOLE ? count : 0,
    estimateSize: () => guess,
    getScrollElement: () => scroller.current,
    overscan: OVERSCAN,
    scrollMargin: margin,
    getItemKey,
    useFlushSync: false,
  });
  useLayoutEffect(() => {
    scrolling.current = virtual.isScrolling;
  });
  if (count <= WHOLE) {
    const show = (at: number) =>
      list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: 'nearest' });
    return { shown: Array.from({ length: count }, (_, at) => at), before: 0, after: 0, measure: undefined, show };
  }
  const items = virtual.getVirtualItems();
  return {
    shown: items.map(({ index }) => index),
    before: items.length ? items[0].start - margin : 0,
    // All of it at first: an empty list has no height, and would never have a window.
    after: items.length ? virtual.getTotalSize() - (items[items.length - 1].end - margin) : virtual.getTotalSize(),
    measure: virtual.measureElement,
    show: (at) => virtual.scrollToIndex(at, { align: 'auto' }),
  };
}
