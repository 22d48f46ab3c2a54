// Beside maps that are split: each element with its share in every group, those that differ most first.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { nameOf, type MapElement } from './elements';
import { percent, rate } from './format';
import { openByName, rowName, rowsOpen } from './rowName';
import { goalOf } from './target';
import { text } from './text';
import { GAIN, LOSS } from './tint';
import { compared, type Groups } from './useGroups';
import { Skeleton } from './Skeleton';
import { Waiting } from './Waiting';

/** A difference in percentage points, with its sign. */
export function points(difference: number): string {
  const tenths = Math.round(difference * 1000) / 10;
  return text.analysis.split.points(`${tenths > 0 ? '+' : tenths < 0 ? '−' : '±'}${rate(Math.abs(tenths))}`);
}

interface CompareListProps {
  groups: Groups;
  elements: readonly MapElement[];
}

export function CompareList({ groups, elements }: CompareListProps) {
  const styles = useStyles2(getStyles);
  const { state, update, setLit } = useWorkspace();
  const { value } = groups.asked;
  const rows = useMemo(() => compared(value ?? []), [value]);
  const places = useMemo(() => new Map(elements.map(({ row, where }) => [row.element, where])), [elements]);
  const words = text.analysis.split;
  const two = value?.length === 2;
  const goal = goalOf(state.split) !== null;
  return (
    <section className={styles.box} data-testid="compare">
      <Waiting asked={groups.asked} what={words.asking} />
      {groups.asked.loading && !value && <Skeleton of="rows" />}
      {value && value.length > 0 && (
        <>
          <p className={styles.quiet}>{goal ? words.listOfGoal : two ? words.listOfTwo : words.list}</p>
          <table className={styles.table} aria-label={words.maps(groups.by)}>
            <thead>
              <tr>
                <th scope="col">{text.list.name}</th>
                {value.map(({ name, title }) => (
                  <th key={title} scope="col" title={title} className={styles.number}>
                    {name}
                  </th>
                ))}
                {two && (
                  <th scope="col" className={styles.number} title={words.clearHelp}>
                    {goal ? words.lift : words.difference}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ row, shares, difference, clear }) => (
                <tr
                  key={row.element}
                  data-testid="compare-row"
                  onClick={openByName}
                  onMouseEnter={() => setLit({ element: row.element, from: 'list' })}
                  onMouseLeave={() => setLit(null)}
                >
                  <td>
                    <button
                      type="button"
                      data-opens
                      className={styles.name}
                      title={row.element}
                      onClick={() => {
                        setLit(null);
                        update({ action: row.element });
                      }}
                    >
                      {nameOf(row)}
                    </button>
                    {places.get(row.element) && (
                      <span data-where className={styles.where}>
                        {places.get(row.element)}
                      </span>
                    )}
                  </td>
                  {shares.map((share, i) => (
                    <td key={value[i].title} className={styles.number}>
                      {percent(share)}
                    </td>
                  ))}
                  {two && (
                    <td className={styles.number}>
                      {clear && (
                        <span
                          aria-hidden
                          className={styles.sign}
                          style={{ background: difference > 0 ? GAIN : LOSS }}
                        />
                      )}
                      {goal && shares[1] > 0 ? (
                        <Lift share={shares[0] / shares[1]} clear={clear} of={points(difference)} />
                      ) : clear ? (
                        <strong>{points(difference)}</strong>
                      ) : (
                        <span>{points(difference)}</span>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

/** How much more often an element is clicked by those who reach the goal; the difference in full beside it. */
function Lift({ share, clear, of }: { share: number; clear: boolean; of: string }) {
  const words = text.analysis.split.times(rate(share));
  return <span title={of}>{clear ? <strong>{words}</strong> : words}</span>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ padding: theme.spacing(1, 2) }),
  quiet: css({
    margin: theme.spacing(0, 0, 0.5),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  table: css({
    ...rowsOpen,
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    '& th': {
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      textAlign: 'left',
      verticalAlign: 'bottom',
    },
    '& th, & td': { padding: theme.spacing(0.5, 0.5, 0.5, 0), borderBottom: `1px solid ${theme.colors.border.weak}` },
    '& tbody tr:hover': {
      background: theme.colors.action.hover,
      '& [data-where]': { color: theme.colors.text.primary },
    },
  }),
  number: css({
    width: 74,
    textAlign: 'right !important' as 'right',
    fontVariantNumeric: 'tabular-nums',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    'th&:last-child': { width: 92 }, // a dot, a sign, a number and its unit
    'td&': { whiteSpace: 'nowrap' },
  }),
  where: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  sign: css({ display: 'inline-block', width: 8, height: 8, marginRight: 4, borderRadius: '50%' }),
  name: css(rowName(theme)),
});
