// The ranked list: each action with its clicks, share and signals; pointing at one lights its place on the map.

import { css, cx } from '@emotion/css';
import React, { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, IconButton, Input, Tooltip, useStyles2 } from '@grafana/ui';

import { Choices } from './Choices';
import { useLit, useWorkspace } from './context';
import { nameOf, type MapElement } from './elements';
import { ExploreLink, queriesOfElement } from './ExploreLink';
import { count, exact, percent } from './format';
import { useHost } from './host';
import { openByName, rowName, rowsOpen } from './rowName';
import { ShowMore } from './ShowMore';
import { ShowPlace } from './ShowPlace';
import { SignalChips } from './SignalChips';
import { SORTS } from './state';
import { text } from './text';
import { useRows, type Rows } from './useRows';

interface ActionListProps {
  elements: readonly MapElement[];
  /** How many there are, of which these are the most clicked. */
  total: number;
  /** Asks for more of them; not given = there are no more to be had. */
  more?: () => void;
  busy?: boolean;
  label: string;
}

/** A list this short is read at a glance. */
const SHORT = 8;
/** Px of a row, about. */
const ROW = 46;
/** The list follows a pointer that rests on the map, and none that only crosses it. */
const REST_MS = 120;
/** The map lights what a pointer rests on, and not each row that is scrolled past under it. */
const SETTLED_MS = 40;

export function ActionList({ elements, total, more, busy = false, label }: ActionListProps) {
  const styles = useStyles2(getStyles);
  const { exploreHref } = useHost();
  const { state, update } = useWorkspace();
  const [written, setWritten] = useState('');
  // What cannot be seen to be chosen, and changed, does not count.
  const isLong = elements.length > SHORT;
  const sort = isLong ? state.sort : 'clicks';
  const wanted = isLong ? written.trim().toLowerCase() : '';
  const shown = useMemo(() => {
    const found = elements.filter(({ row }) => nameOf(row).toLowerCase().includes(wanted));
    return sort === 'clicks' ? found : found.sort((a, b) => b.row[sort] - a.row[sort]);
  }, [elements, wanted, sort]);
  if (!elements.length) {
    return <p className={styles.none}>{text.list.none}</p>;
  }
  return (
    <>
      {isLong && (
        <div className={styles.tools}>
          <Input
            width={17}
            prefix={<Icon name="search" />}
            value={written}
            placeholder={text.list.find}
            aria-label={text.list.find}
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
          <Choices
            showLabel
            label={text.list.sort}
            choices={SORTS.map((by) => ({ value: by, label: text.list.sorts[by] }))}
            value={sort}
            onChange={(by) => update({ sort: by }, 'replace')}
          />
        </div>
      )}
      <div className={styles.cut}>
        <ShowMore
          shown={elements.length}
          total={total}
          all={text.elements(exact(total), total)}
          busy={busy}
          more={more}
        />
      </div>
      {shown.length === 0 && <p className={styles.none}>{text.list.noneFound}</p>}
      <table className={styles.table} aria-label={label} aria-rowcount={shown.length + 1}>
        <thead>
          <tr>
            <th scope="col" className={styles.rank}>
              {text.list.rank}
            </th>
            <th scope="col">{text.list.name}</th>
            <th scope="col" className={styles.number}>
              {text.list.clicks}
            </th>
            <th scope="col" className={styles.number} title={text.list.shareHelp}>
              {text.list.share}
            </th>
            <th scope="col" className={cx(styles.place, exploreHref && styles.places)}>
              <span className="sr-only">{text.list.place}</span>
            </th>
          </tr>
        </thead>
        <ActionRows shown={shown} />
      </table>
    </>
  );
}

/** The rows alone are drawn again while they are scrolled, and when another is lit. */
function ActionRows({ shown }: { shown: readonly MapElement[] }) {
  const styles = useStyles2(getStyles);
  const lit = useLit();
  const point = usePointing();
  const body = useRef<HTMLTableSectionElement>(null);
  const keys = useMemo(() => shown.map(({ row }) => String(row.rank)), [shown]);
  const most = useMemo(() => shown.reduce((largest, { row }) => Math.max(largest, row.clicks), 0), [shown]);
  const rows = useRows(keys, ROW, body);
  const litAt = lit?.from === 'map' ? shown.findIndex(({ row }) => row.element === lit.element) : -1;
  const { show } = rows;
  const latestShow = useRef(show);
  useEffect(() => {
    latestShow.current = show;
  });
  useEffect(() => {
    if (litAt >= 0) {
      const timer = setTimeout(() => latestShow.current(litAt), REST_MS);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [litAt]);
  return (
    <tbody ref={body}>
      {rows.before > 0 && <Gap height={rows.before} />}
      {rows.shown
        .filter((at) => at < shown.length)
        .map((at) => (
          <ActionRowView
            key={keys[at]}
            element={shown[at]}
            bar={shown[at].row.clicks / most}
            at={at}
            on={lit?.element === shown[at].row.element}
            measure={rows.measure}
            point={point}
            styles={styles}
          />
        ))}
      {rows.after > 0 && <Gap height={rows.after} />}
    </tbody>
  );
}

type Point = (element: MapElement | null, how: 'pointer' | 'focus') => void;

/** Lights what is pointed at: what has the focus at once, what is under the pointer when it settles there. */
function usePointing(): Point {
  const { setLit } = useWorkspace();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(
    (element, how) => {
      clearTimeout(timer.current);
      const light = () => setLit(element?.box ? { element: element.row.element, from: 'list' } : null);
      if (how === 'focus') {
        light();
      } else {
        timer.current = setTimeout(light, SETTLED_MS);
      }
    },
    [setLit]
  );
}

/** Stands for the rows that are not in the document. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={5} style={{ height, padding: 0 }} />
    </tr>
  );
}

interface ActionRowProps {
  element: MapElement;
  bar: number;
  /** Its position in the list. */
  at: number;
  /** Whether it is lit. */
  on: boolean;
  measure: Rows['measure'];
  point: Point;
  styles: ReturnType<typeof getStyles>;
}

/** Scrolling draws the rows that come in, and none of those that are there. */
const ActionRowView = memo(function ActionRowView(props: ActionRowProps) {
  const { element, bar, at, on, measure, point, styles } = props;
  const { state, update } = useWorkspace();
  const { row } = element;
  return (
    <tr
      ref={measure}
      data-index={at}
      aria-rowindex={at + 2}
      data-testid="action-row"
      className={on ? styles.rowOn : styles.row}
      onClick={openByName}
      onMouseEnter={() => point(element, 'pointer')}
      onMouseLeave={() => point(null, 'pointer')}
      onFocus={() => point(element, 'focus')}
      onBlur={() => point(null, 'focus')}
    >
      <td className={styles.rank}>{row.rank}</td>
      <td className={styles.nameCell}>
        <span aria-hidden className={styles.bar} style={{ width: `${bar * 100}%` }} />
        {row.element ? (
          <button
            type="button"
            data-opens
            className={styles.name}
            title={row.element}
            aria-label={text.list.details(nameOf(row))}
            onClick={() => {
              point(null, 'focus'); // the row goes away without being left
              update({ action: row.element });
            }}
          >
            {nameOf(row)}
          </button>
        ) : (
          <span className={styles.name}>{nameOf(row)}</span>
        )}
        <span className={styles.second}>
          {element.where && (
            <span data-where className={styles.where}>
              {element.where}
            </span>
          )}
          <SignalChips row={row} />
        </span>
      </td>
      <td className={styles.number} title={exact(row.clicks)}>
        {count(row.clicks)}
      </td>
      <td className={styles.number}>{percent(row.share)}</td>
      <td className={styles.place}>
        <span className={styles.icons}>
          {row.element && <ExploreLink small queries={queriesOfElement(state, row.element)} name={nameOf(row)} />}
          <Place element={element} styles={styles} />
        </span>
      </td>
    </tr>
  );
});

/** Where the element is: scrolls there, or says why it cannot be seen and offers the background that shows it. */
function Place({ element, styles }: Pick<ActionRowProps, 'element' | 'styles'>) {
  const { update, locate } = useWorkspace();
  const { row, box } = element;
  if (box) {
    return <ShowPlace name={text.list.show(nameOf(row))} onClick={() => locate(box)} />;
  }
  if (row.shown_in) {
    const background = row.shown_in;
    return (
      <IconButton
        name="eye-slash"
        size="md"
        variant="primary"
        aria-label={`${nameOf(row)}: ${text.list.hiddenSwitch}`}
        tooltip={text.list.hiddenSwitch}
        onClick={() => update({ background })}
      />
    );
  }
  const reason = text.unplaced.reasons[row.reason ?? ''];
  const why = reason ? `${text.list.hidden}: ${reason}` : text.list.hidden;
  return (
    <Tooltip content={why}>
      <span className={styles.hidden} role="img" aria-label={why} tabIndex={0}>
        <Icon name="eye-slash" />
      </span>
    </Tooltip>
  );
}

const rowStyle = (theme: GrafanaTheme2) => ({
  borderBottom: `1px solid ${theme.colors.border.weak}`,
  // The quieter colour of text has too little contrast to these backgrounds.
  '&:hover, &:focus-within': {
    background: theme.colors.action.hover,
    '& [data-where]': { color: theme.colors.text.primary },
  },
});

const getStyles = (theme: GrafanaTheme2) => ({
  none: css({ color: theme.colors.text.secondary, padding: theme.spacing(2) }),
  cut: css({
    padding: theme.spacing(0, 2),
  }),
  table: css({
    ...rowsOpen,
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    '& th': {
      position: 'sticky',
      top: 0,
      zIndex: 1,
      background: theme.colors.background.primary,
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      textAlign: 'left',
      padding: theme.spacing(0.75, 0.5),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    },
    '& td': { padding: theme.spacing(0.5), verticalAlign: 'middle' },
  }),
  row: css(rowStyle(theme)),
  rowOn: css({
    ...rowStyle(theme),
    background: theme.colors.action.selected,
    '& [data-where]': { color: theme.colors.text.primary },
  }),
  rank: css({
    width: 40,
    textAlign: 'right !important' as 'right',
    paddingRight: `${theme.spacing(1)} !important`,
    color: theme.colors.text.secondary,
    fontVariantNumeric: 'tabular-nums',
  }),
  nameCell: css({ position: 'relative', overflow: 'hidden' }),
  bar: css({
    position: 'absolute',
    left: 0,
    bottom: 0,
    height: 3,
    borderRadius: 2,
    background: theme.colors.primary.main,
  }),
  name: css(rowName(theme)),
  second: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0, 1) }),
  where: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  number: css({ width: 68, textAlign: 'right !important' as 'right', fontVariantNumeric: 'tabular-nums' }),
  place: css({ width: 36, lineHeight: 0 }),
  tools: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 2, 0.5),
  }),
  icons: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(0.5),
    '& button': { margin: 0 },
  }),
  places: css({ width: 64 }),
  hidden: css({ color: theme.colors.text.secondary, display: 'inline-flex' }),
});
