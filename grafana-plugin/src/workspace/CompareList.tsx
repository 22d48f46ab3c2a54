// Beside maps that are split: each element with its share in every group, those that differ most first.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { nameOf } from './elements';
import { percent } from './format';
import { text } from './text';
import { GAIN, LOSS } from './tint';
import { compared, type Groups } from './useGroups';
import { Waiting } from './Waiting';

/** A difference in percentage points, with its sign. */
export const points = (difference: number): string =>
  `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${percent(Math.abs(Math.round(difference * 1000) / 1000))}`;

export function CompareList({ groups }: { groups: Groups }) {
  const styles = useStyles2(getStyles);
  const { update, setLit } = useWorkspace();
  const { value } = groups.asked;
  const rows = useMemo(() => compared(value ?? []), [value]);
  const words = text.analysis.split;
  const two = value?.length === 2;
  return (
    <section className={styles.box} data-testid="compare">
      <Waiting asked={groups.asked} what={words.asking} />
      {value && value.length > 0 && (
        <>
          <p className={styles.quiet}>{two ? words.listOfTwo : words.list}</p>
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
                    {words.difference}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ row, shares, difference, clear }) => (
                <tr
                  key={row.element}
                  data-testid="compare-row"
                  onMouseEnter={() => setLit({ element: row.element, from: 'list' })}
                  onMouseLeave={() => setLit(null)}
                >
                  <td>
                    <button
                      type="button"
                      className={styles.name}
                      title={row.element}
                      onClick={() => {
                        setLit(null);
                        update({ action: row.element });
                      }}
                    >
                      {nameOf(row)}
                    </button>
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
                      {clear ? <strong>{points(difference)}</strong> : <span>{points(difference)}</span>}
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

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ padding: theme.spacing(1, 2) }),
  quiet: css({
    margin: theme.spacing(0, 0, 0.5),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  table: css({
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
    '& tbody tr:hover': { background: theme.colors.action.hover },
  }),
  number: css({
    width: 74,
    textAlign: 'right !important' as 'right',
    fontVariantNumeric: 'tabular-nums',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
  sign: css({ display: 'inline-block', width: 8, height: 8, marginRight: 4, borderRadius: '50%' }),
  name: css({
    display: 'block',
    maxWidth: '100%',
    border: 0,
    padding: 0,
    background: 'transparent',
    color: theme.colors.text.primary,
    textAlign: 'left',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    '&:hover': { color: theme.colors.text.link, textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -1 },
  }),
});
