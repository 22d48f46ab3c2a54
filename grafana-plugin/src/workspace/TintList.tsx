// Beside a map that is coloured by friction or by an effect: the elements with their numbers and intervals.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { EffectAnswer, EffectRow, FrictionRow } from '../contract/answers';
import { useWorkspace } from './context';
import { chosenMoment } from './deployment';
import { nameOf } from './elements';
import { headlineOf, headlineStyle } from './headline';
import { count, timeFormat } from './format';
import { openByName, rowName, rowsOpen } from './rowName';
import { text } from './text';
import type { ElementMeasure } from '../contract/query';
import { changeWords, written } from './tint';

export function MeasureList({ rows, measure }: { rows: readonly FrictionRow[]; measure: ElementMeasure }) {
  const styles = useStyles2(getStyles);
  const words = text.causes.friction;
  const own = rows.filter((row) => row.measure === measure);
  if (!own.length) {
    return <p className={styles.quiet}>{words.none}</p>;
  }
  return (
    <table
      className={cx(styles.table, styles.values)}
      aria-label={words.list(text.causes.colour.names[measure])}
      data-testid="measure-list"
    >
      <thead>
        <tr>
          <th scope="col">{words.element}</th>
          <th scope="col">{words.value}</th>
          <th scope="col">{words.between}</th>
          <th scope="col">{words.sessions}</th>
        </tr>
      </thead>
      <tbody>
        {own.map((row) => (
          <tr
            key={row.element + row.action_name}
            className={row.certain ? undefined : styles.faint}
            onClick={openByName}
          >
            <th scope="row">
              <ElementName element={row.element} name={nameOf(row)} />
            </th>
            <td>{written(measure, row.value)}</td>
            <td title={row.certain ? undefined : words.uncertain}>
              {written(measure, row.low)} – {written(measure, row.high)}
            </td>
            <td>{count(row.sessions)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Whether the range has fewer than two versions: then there is nothing to compare. */
const isOneRelease = (effect: EffectAnswer): boolean => !effect.before && !effect.after;

function OneRelease() {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const words = text.causes.effect;
  return (
    <div className={styles.changes} role="status">
      <p className={styles.quiet}>{words.one}</p>
      {state.from !== YEAR.from && (
        <Button size="sm" variant="secondary" onClick={() => update(YEAR)}>
          {text.empty.cures.range}
        </Button>
      )}
    </div>
  );
}

const YEAR = { from: 'now-365d', to: 'now' };

export function ChangeList({ effect }: { effect: EffectAnswer }) {
  return isOneRelease(effect) ? <OneRelease /> : <Changes effect={effect} />;
}

function Changes({ effect }: { effect: EffectAnswer }) {
  const styles = useStyles2(getStyles);
  const { state, range, timeZone } = useWorkspace();
  const words = text.causes.effect;
  const moment = chosenMoment(state.moment, range);
  const when = moment === null ? '' : timeFormat(timeZone).time(moment);
  const title = when ? words.since(when) : words.title(effect.after);
  const headline = headlineOf(effect.rows, when || effect.after);
  const looked = count(effect.hypotheses);
  const found = effect.rows.filter((row) => row.found);
  const about = [...new Set(found.map(({ element, action_name }) => `${element}\n${action_name}`))];
  return (
    <section data-testid="change-list" aria-label={title} className={styles.changes}>
      <h3>{title}</h3>
      {headline && (
        <p className={styles.headline} data-testid="headline">
          {headline}
        </p>
      )}
      <p className={styles.quiet}>
        {when ? '' : `${words.groups(effect.before, effect.after)} · `}
        {words.sessions(count(effect.sessions_before), count(effect.sessions_after))}
      </p>
      <p title={words.help}>{found.length ? words.found(count(effect.found), looked) : words.nothing(looked)}</p>
      {about.map((key) => {
        const own = found.filter(({ element, action_name }) => `${element}\n${action_name}` === key);
        const [{ element, action_name }] = own;
        return (
          <section key={key}>
            <h4>
              {element || action_name ? <ElementName element={element} name={nameOf({ action_name })} /> : words.page}
            </h4>
            <ChangeTable rows={own} />
          </section>
        );
      })}
    </section>
  );
}

/** One row per measure: before, after, and the interval of the change. */
export function ChangeTable({ rows }: { rows: readonly EffectRow[] }) {
  const styles = useStyles2(getStyles);
  const words = text.causes.effect;
  return (
    <table className={cx(styles.table, styles.even)}>
      <thead>
        <tr>
          <th scope="col">{words.columns.what}</th>
          <th scope="col">{words.columns.before}</th>
          <th scope="col">{words.columns.after}</th>
          <th scope="col">{words.columns.change}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.measure} className={row.found ? undefined : styles.faint}>
            <th scope="row">{words.measures[row.measure] ?? row.measure}</th>
            <td>{written(row.measure, row.before)}</td>
            <td>{written(row.measure, row.after)}</td>
            <td title={row.found ? words.help : undefined}>{changeWords(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ElementName({ element, name }: { element: string; name: string }) {
  const styles = useStyles2(getStyles);
  const { update, setLit } = useWorkspace();
  if (!element) {
    return <span>{name}</span>;
  }
  return (
    <button
      type="button"
      data-opens
      className={styles.name}
      title={element}
      onClick={() => update({ action: element })}
      onMouseEnter={() => setLit({ element, from: 'list' })}
      onMouseLeave={() => setLit(null)}
    >
      {name}
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary, margin: 0 }),
  changes: css({
    padding: theme.spacing(1.5, 2),
    '& h3': { ...theme.typography.h6, margin: theme.spacing(0, 0, 0.5) },
    '& h4': { ...theme.typography.body, margin: theme.spacing(1.5, 0, 0) },
  }),
  headline: css(headlineStyle(theme)),
  table: css({
    ...rowsOpen,
    width: '100%',
    borderCollapse: 'collapse',
    fontVariantNumeric: 'tabular-nums',
    '& th, & td': { padding: theme.spacing(0.5, 1), textAlign: 'right', fontWeight: 'normal' },
    '& th:first-child': { textAlign: 'left', maxWidth: 180, overflow: 'hidden', textOverflow: 'ellipsis' },
    '& thead th': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    '& tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
  values: css({ '& td': { whiteSpace: 'nowrap' } }), // a number and its unit
  even: css({
    tableLayout: 'fixed',
    '& th, & td': { padding: theme.spacing(0.5, 0.5) },
    '& th:first-child': { width: '34%', paddingLeft: 0 },
    '& th:last-child': { width: '34%', paddingRight: 0 },
  }),
  faint: css({ color: theme.colors.text.secondary, '& td': { fontStyle: 'italic' } }),
  name: css({ ...rowName(theme), color: 'inherit' }),
});
