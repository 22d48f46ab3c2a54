// Behind one element: what holds it up, the errors and requests that its clicks caused.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { RequestRow, SlowRow } from '../contract/answers';
import { ErrorList } from './ErrorList';
import { count, duration } from './format';
import { useQuestion } from './questions';
import { text } from './text';
import { TraceLink } from './TraceLink';
import { Waiting } from './Waiting';

const SHOWN = 5;

export function Causes({ element }: { element: string }) {
  const requests = useQuestion('requests', { element, limit: SHOWN });
  const errors = useQuestion('errors', { element, limit: SHOWN });
  const slow = useQuestion('slow', { limit: 100 });
  const held = slow.value?.find((row) => row.element === element);
  return (
    <>
      {held && <HeldUp row={held} />}
      <Waiting asked={errors} what={text.causes.errors.asking} />
      {errors.value && errors.value.length > 0 && <ErrorList rows={errors.value} />}
      <Waiting asked={requests} what={text.causes.requests.asking} />
      {requests.value && requests.value.length > 0 && <Requests rows={requests.value} />}
    </>
  );
}

function HeldUp({ row }: { row: SlowRow }) {
  const words = text.causes.slow;
  const script = [row.function, row.script].filter(Boolean).join(' · ');
  return (
    <section data-testid="held-up">
      <h3>{words.title}</h3>
      <p>
        {words.inp(duration(row.inp_ms), duration(row.low), duration(row.high))} ({words.rating[row.rating]})
        {row.tasks > 0 && script !== '' && (
          <>
            <br />
            {words.script(duration(row.script_ms ?? row.task_ms), script)}
            {row.invoker !== '' && `, ${words.started(row.invoker)}`}
            {row.layout_ms !== null && row.layout_ms > 0 && `, ${words.layout(duration(row.layout_ms))}`}
          </>
        )}
      </p>
    </section>
  );
}

function Requests({ rows }: { rows: readonly RequestRow[] }) {
  const styles = useStyles2(getStyles);
  const words = text.causes.requests;
  return (
    <section data-testid="requests">
      <h3>{words.title}</h3>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{words.columns.request}</th>
            <th scope="col">{words.columns.count}</th>
            <th scope="col">{words.columns.failed}</th>
            <th scope="col">{words.columns.p75}</th>
            <th scope="col">{words.columns.trace}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.method} ${row.host}${row.path}`}>
              <th scope="row" title={`${row.method} ${row.host}${row.path}`}>
                {row.method} {row.path}
              </th>
              <td>{count(row.requests)}</td>
              <td>{count(row.failures)}</td>
              <td>{duration(row.p75_ms)}</td>
              <td>
                <TraceLink id={row.trace_id} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    tableLayout: 'fixed',
    fontVariantNumeric: 'tabular-nums',
    '& th, & td': { padding: theme.spacing(0.5), textAlign: 'right', fontWeight: 'normal' },
    '& th:first-child': { textAlign: 'left', width: '34%', overflow: 'hidden', textOverflow: 'ellipsis' },
    '& th:last-child': { width: '26%' },
    '& code': { fontSize: theme.typography.bodySmall.fontSize, padding: theme.spacing(0, 0.5) },
    '& thead th': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    '& tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
});
