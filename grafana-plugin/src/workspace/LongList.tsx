// A list of any length in a window of its own, which it scrolls in.

import { css } from '@emotion/css';
import React, { memo, useMemo, useRef, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useRows } from './useRows';

interface LongListProps<Entry> {
  label: string;
  items: readonly Entry[];
  /** The same function each time. */
  keyOf: (item: Entry) => string;
  /** Px of a row, about. */
  guess: number;
  children: (item: Entry) => ReactNode;
}

export function LongList<Entry>({ label, items, keyOf, guess, children }: LongListProps<Entry>) {
  const styles = useStyles2(getStyles);
  const list = useRef<HTMLUListElement>(null);
  const keys = useMemo(() => items.map(keyOf), [items, keyOf]);
  const rows = useRows(keys, guess, list);
  return (
    <div className={styles.window} data-testid="long-list">
      <ul ref={list} className={styles.list} aria-label={label}>
        {rows.before > 0 && <li aria-hidden style={{ height: rows.before }} />}
        {rows.shown
          .filter((at) => at < items.length)
          .map((at) => (
            <li key={keys[at]} ref={rows.measure} data-index={at} aria-setsize={items.length} aria-posinset={at + 1}>
              <Item item={items[at]} draw={children} />
            </li>
          ))}
        {rows.after > 0 && <li aria-hidden style={{ height: rows.after }} />}
      </ul>
    </div>
  );
}

/** Scrolling draws the items that come in, and none of those that are there. */
const Item = memo(function Item<T>({ item, draw }: { item: T; draw: (item: T) => ReactNode }) {
  return <>{draw(item)}</>;
}) as <T>(props: { item: T; draw: (item: T) => ReactNode }) => React.JSX.Element;

const getStyles = (theme: GrafanaTheme2) => ({
  window: css({
    maxHeight: 'min(52vh, 520px)',
    overflowY: 'auto',
    scrollbarWidth: 'thin',
    margin: theme.spacing(0, -0.5),
  }),
  list: css({
    listStyle: 'none',
    margin: 0,
    padding: theme.spacing(0, 0.5),
    '& button > span': { width: '100%' },
    '& > li': { contain: 'content' }, // a row that comes in is laid out and painted alone
  }),
});
