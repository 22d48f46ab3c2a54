// Choosing a page: by search, from a list that shows each page's picture, visits and signals.

import { css, cx } from '@emotion/css';
import React, { useRef, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Input, useStyles2 } from '@grafana/ui';

import type { PageInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { count } from './format';
import { LongList } from './LongList';
import { usePages } from './questions';
import { ShowMore } from './ShowMore';
import { Skeleton } from './Skeleton';
import { text } from './text';
import { MOST_ROWS, useMore } from './useMore';
import { useDebounced } from './useDebounced';
import { Waiting } from './Waiting';

const FIRST = 60;
const ROW = 62;
const keyOf = ({ page }: { page: string }) => page;
const TYPING_MS = 200;

interface PagePickerProps {
  onPick: (page: string) => void;
  /** "cards" fill the screen before a page is chosen, "rows" fit into a drop-down. */
  layout: 'cards' | 'rows';
}

export function PagePicker({ onPick, layout }: PagePickerProps) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const [search, setSearch] = useState('');
  const wanted = useDebounced(search, TYPING_MS);
  const [limit, more] = useMore(FIRST, MOST_ROWS, wanted);
  const pages = usePages(state.application, wanted, limit);
  const list = useRef<HTMLDivElement>(null);
  const { pages: found, total } = pages.value ?? { pages: [], total: 0 };

  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = Array.from(list.current?.querySelectorAll<HTMLElement>('li button') ?? []);
    if (step && buttons.length) {
      event.preventDefault();
      const at = buttons.findIndex((button) => button === document.activeElement);
      buttons[Math.max(0, Math.min(buttons.length - 1, at + step))].focus();
    }
  };

  return (
    <div ref={list} onKeyDown={move}>
      <Input
        className={styles.search}
        value={search}
        placeholder={text.searchPages}
        aria-label={text.searchPages}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Waiting asked={pages} what={text.slow.pages} />
      {pages.loading && !pages.value && <Skeleton of="rows" />}
      {!pages.loading && !pages.error && found.length === 0 && <p className={styles.none}>{text.noPages}</p>}
      {layout === 'rows' ? (
        <LongList label={text.topPages} items={found} keyOf={keyOf} guess={ROW}>
          {(page) => <PageEntry page={page} layout={layout} current={page.page === state.page} onPick={onPick} />}
        </LongList>
      ) : (
        <ul className={styles.cards} aria-label={text.topPages}>
          {found.map((page) => (
            <li key={page.page}>
              <PageEntry page={page} layout={layout} current={page.page === state.page} onPick={onPick} />
            </li>
          ))}
        </ul>
      )}
      <ShowMore
        shown={found.length}
        all={text.pages(count(total), total)}
        total={total}
        busy={pages.loading}
        more={more}
      />
    </div>
  );
}

interface PageEntryProps extends PagePickerProps {
  page: PageInfo;
  current: boolean;
}

function PageEntry({ page, layout, current, onPick }: PageEntryProps) {
  const styles = useStyles2(getStyles);
  const { backend } = useWorkspace();
  return (
    <button
      type="button"
      className={cx(styles.entry, layout === 'cards' ? styles.card : styles.row, current && styles.current)}
      aria-current={current || undefined}
      onClick={() => onPick(page.page)}
    >
      <span className={layout === 'cards' ? styles.picture : styles.thumbnail}>
        {page.background ? (
          <img src={backend.thumbnailUrl(page.background, 256)} alt="" loading="lazy" />
        ) : (
          <span className={styles.noPicture}>{layout === 'cards' ? text.noPicture : ''}</span>
        )}
      </span>
      <span className={styles.words}>
        <span className={styles.name}>{page.page}</span>
        <span className={styles.numbers}>
          <span>{text.pageRank(page.rank)}</span>
          <span>{text.views(count(page.views), page.views)}</span>
          <span>{text.clicks(count(page.clicks), page.clicks)}</span>
          {page.rage > 0 && <span className={styles.rage}>{text.rageClicks(count(page.rage))}</span>}
        </span>
      </span>
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  search: css({ marginBottom: theme.spacing(1), maxWidth: 420 }),
  none: css({ color: theme.colors.text.secondary, margin: theme.spacing(1, 0) }),
  cards: css({
    listStyle: 'none',
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 230px), 1fr))',
    gap: theme.spacing(2),
    marginTop: theme.spacing(2),
    // What is off the screen is not laid out: thousands of pages stay quick.
    '& > li': { contentVisibility: 'auto', containIntrinsicSize: 'auto 230px' },
  }),
  entry: css({
    width: '100%',
    display: 'flex',
    textAlign: 'left',
    border: '1px solid transparent',
    background: 'transparent',
    color: theme.colors.text.primary,
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -1 },
  }),
  row: css({ gap: theme.spacing(1.5), padding: theme.spacing(0.75), alignItems: 'center' }),
  card: css({
    flexDirection: 'column',
    height: '100%',
    padding: 0,
    overflow: 'hidden',
    background: theme.colors.background.primary,
    borderColor: theme.colors.border.weak,
    '&:hover': { borderColor: theme.colors.border.strong, background: theme.colors.background.primary },
  }),
  // On the selected colour, the quieter text would be too faint.
  current: css({ background: theme.colors.action.selected, '& span': { color: theme.colors.text.primary } }),
  picture: css({
    display: 'block',
    width: '100%',
    aspectRatio: '16 / 11',
    overflow: 'hidden',
    background: theme.colors.background.secondary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& img': { width: '100%', height: '100%', objectFit: 'cover', objectPosition: 'top' },
  }),
  thumbnail: css({
    flex: '0 0 64px',
    height: 44,
    overflow: 'hidden',
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    '& img': { width: '100%', height: '100%', objectFit: 'cover', objectPosition: 'top' },
  }),
  noPicture: css({
    display: 'grid',
    placeItems: 'center',
    height: '100%',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  words: css({ display: 'block', minWidth: 0, padding: theme.spacing(0.75, 1) }),
  name: css({
    display: 'block',
    fontWeight: theme.typography.fontWeightMedium,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  numbers: css({
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
  rage: css({ color: theme.colors.error.text }),
});
