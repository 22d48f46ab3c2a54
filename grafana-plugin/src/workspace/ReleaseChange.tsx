// One action before and after a release: rates, and whether they differ by more than chance.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { changeOf, type Change } from './change';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { percent, rate, timeFormat } from './format';
import { useHalves, type Half } from './questions';
import { text } from './text';
import { Waiting } from './Waiting';

export interface Release {
  time: number;
  version: string;
}

const RATES = ['clicks', 'rage', 'dead', 'error'] as const;

/** Clicks are counted of views, signals of clicks. */
function changes(before: Half, after: Half): Array<{ name: (typeof RATES)[number]; change: Change | null }> {
  const hits = (half: Half, name: (typeof RATES)[number]) => half.action?.[name] ?? 0;
  return RATES.map((name) => {
    const side = (half: Half) => ({
      hits: hits(half, name),
      of: name === 'clicks' ? half.views : hits(half, 'clicks'),
    });
    return { name, change: changeOf(side(before), side(after)) };
  });
}

export function ReleaseChange({ element, releases }: { element: string; releases: readonly Release[] }) {
  const styles = useStyles2(getStyles);
  const { state, update, timeZone } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const latest = releases[releases.length - 1];
  const chosen = releases.find(({ version }) => version === state.release) ?? latest;
  const halves = useHalves(element, chosen?.time ?? null);
  if (!chosen) {
    return null;
  }
  const words = text.analysis.release;
  const rows = halves.value
    ? changes(...halves.value).filter(({ change }) => change && change.before + change.after > 0)
    : [];
  return (
    <section aria-label={words.title(chosen.version)} data-testid="release-change">
      <h3>{words.title(chosen.version)}</h3>
      {releases.length > 1 && (
        <Choices
          label={words.choose}
          choices={releases.slice(-4).map(({ version }) => ({ value: version, label: version }))}
          value={chosen.version}
          onChange={(release) => update({ release }, 'replace')}
        />
      )}
      <p className={styles.quiet}>{words.when(time(chosen.time))}</p>
      <Waiting asked={halves} what={text.analysis.slow.action} />
      {halves.value && rows.length === 0 && <p className={styles.quiet}>{words.little}</p>}
      {rows.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{words.columns.what}</th>
              <th scope="col">{words.columns.before}</th>
              <th scope="col">{words.columns.after}</th>
              <th scope="col">{words.columns.change}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, change }) => {
              const written = (value: number) => (name === 'clicks' ? rate(value * 100) : percent(value));
              return (
                change && (
                  <tr key={name}>
                    <th scope="row">{words.rows[name]}</th>
                    <td>{written(change.before)}</td>
                    <td>{written(change.after)}</td>
                    <td title={change.clear ? undefined : words.unclearHelp}>{verdict(change)}</td>
                  </tr>
                )
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

function verdict({ after, factor, clear }: Change): string {
  const words = text.analysis.release;
  if (!clear) {
    return words.unclear;
  }
  if (factor === null) {
    return words.appeared;
  }
  if (after === 0) {
    return words.gone;
  }
  return factor > 1 ? words.up(rate(factor)) : words.down(percent(factor));
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary, margin: 0 }),
  table: css({
    width: '100%',
    margin: theme.spacing(0.5, 0),
    fontVariantNumeric: 'tabular-nums',
    '& th, & td': { padding: theme.spacing(0.5, 0.5, 0.5, 0), textAlign: 'right', fontWeight: 'normal' },
    '& th:first-child': { textAlign: 'left' },
    '& thead th': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    '& tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
});
