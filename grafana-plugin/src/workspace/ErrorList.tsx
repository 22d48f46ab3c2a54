// The errors that an element's clicks caused: what they say, where they come from, and their replay.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

import type { ErrorRow } from '../contract/answers';
import { useWorkspace } from './context';
import { count, timeFormat } from './format';
import { text } from './text';
import { TraceLink } from './TraceLink';

export function ErrorList({ rows }: { rows: readonly ErrorRow[] }) {
  const styles = useStyles2(getStyles);
  return (
    <section data-testid="errors-behind">
      <h3>{text.causes.errors.title}</h3>
      <ul className={styles.list}>
        {rows.map((row) => (
          <li key={`${row.kind} ${row.message} ${row.frames}`}>
            <OneError row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneError({ row }: { row: ErrorRow }) {
  const styles = useStyles2(getStyles);
  const { state, replayHref, timeZone } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const words = text.causes.errors;
  const request = [row.method, row.path].filter(Boolean).join(' ');
  return (
    <>
      <p className={styles.message}>
        {row.kind !== '' && <strong>{row.kind}: </strong>}
        {row.message || words.unnamed}
      </p>
      <p className={styles.quiet}>
        {[
          words.times(count(row.errors), count(row.sessions)),
          words.last(time(row.last)),
          row.version !== '' && words.version(row.version),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {request !== '' && (
        <p className={styles.quiet}>
          {request}
          {row.status > 0 && ` → ${row.status}`}
        </p>
      )}
      {row.frames !== '' && (
        <details>
          <summary>{words.stack}</summary>
          <pre className={styles.stack}>{row.frames}</pre>
        </details>
      )}
      <p className={styles.links}>
        {row.has_replay && replayHref && (
          <a href={replayHref({ session: row.session, view: row.view, at: row.last }, state.application)}>
            <Icon name="play" size="sm" /> {words.replay}
          </a>
        )}
        {row.trace_id !== '' && (
          <span>
            {words.trace} <TraceLink id={row.trace_id} />
          </span>
        )}
      </p>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    listStyle: 'none',
    '& li': { padding: theme.spacing(0.75, 0), borderTop: `1px solid ${theme.colors.border.weak}` },
    '& summary': { cursor: 'pointer', color: theme.colors.text.secondary },
  }),
  message: css({ margin: 0, overflowWrap: 'anywhere' }),
  quiet: css({ margin: 0, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  stack: css({ margin: theme.spacing(0.5, 0), fontSize: theme.typography.bodySmall.fontSize, whiteSpace: 'pre-wrap' }),
  links: css({
    margin: 0,
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(2),
    '& a': { color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } },
  }),
});
