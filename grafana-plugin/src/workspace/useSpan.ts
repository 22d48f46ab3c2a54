// Choosing a span of bars: dragged with the pointer, or with arrow keys, Shift to extend and Enter to take it.

import { useState, type MouseEvent } from 'react';

interface Span {
  /** The bar that the keys stand on; null before they are used. */
  at: number | null;
  /** First and last bar of what is being chosen. */
  selected: [number, number] | null;
  /** The bar under the pointer of an event on the chart. */
  barAt: (event: MouseEvent<HTMLElement>) => number;
  handlers: Pick<
    React.HTMLAttributes<HTMLElement>,
    'onKeyDown' | 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onBlur'
  >;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** `take` null = nothing can be chosen, only looked at. */
export function useSpan(bars: number, take: ((first: number, last: number) => void) | null): Span {
  const [anchor, setAnchor] = useState<number | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const [dragged, setDragged] = useState(false);
  const clamp = (bar: number) => Math.max(0, Math.min(bars - 1, bar));
  const barAt = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - box.left) / box.width) * bars));
  };
  const leave = () => {
    setAnchor(null);
    setAt(null);
    setDragged(false);
  };
  const finish = () => {
    if (take && anchor !== null && at !== null) {
      take(Math.min(anchor, at), Math.max(anchor, at));
    }
    leave();
  };
  const selected: Span['selected'] =
    take && anchor !== null && at !== null ? [Math.min(anchor, at), Math.max(anchor, at)] : null;
  return {
    at,
    selected,
    barAt,
    handlers: {
      onPointerDown: (event) => {
        if (take && event.button === 0) {
          event.currentTarget.setPointerCapture(event.pointerId);
          setAnchor(barAt(event));
          setAt(barAt(event));
        }
      },
      onPointerMove: (event) => {
        if (event.buttons > 0 && anchor !== null) {
          setDragged(dragged || barAt(event) !== anchor);
          setAt(barAt(event));
        }
      },
      // A mere click chooses nothing.
      onPointerUp: () => (dragged ? finish() : leave()),
      onBlur: leave,
      onKeyDown: (event) => {
        const to = { Home: 0, End: bars - 1 }[event.key];
        const step = STEPS[event.key];
        if (to !== undefined || step) {
          event.preventDefault();
          const from = at ?? (step === -1 ? bars : -1);
          setAnchor(event.shiftKey ? (anchor ?? clamp(from)) : clamp(to ?? from + step));
          setAt(clamp(to ?? from + step));
        } else if (event.key === 'Enter' && at !== null) {
          finish();
        } else if (event.key === 'Escape') {
          leave();
        }
      },
    },
  };
}
