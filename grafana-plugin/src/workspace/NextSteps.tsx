// What sessions did right after an action; each can become the goal of a conversion.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { ActionAnswer } from '../contract/answers';
import { useWorkspace } from './context';
import { count, exact, percent } from './format';
import { writeTarget } from './target';
import { text } from './text';

export function NextSteps({ rows }: { rows: ActionAnswer['next'] }) {
  const styles = useStyles2(getStyles);
  const { update, readOnly } = useWorkspace();
  return (
    <>
      <h3>{text.details.next}</h3>
      {rows.length === 0 && <p className={styles.quiet}>{text.details.nextNone}</p>}
      <ol className={styles.next}>
        {rows.map((row) => {
          const label = row.label || text.map.unnamed;
          const key = row.kind === 'page' ? row.page : row.element;
          return (
            <li key={row.rank}>
              {key && !readOnly ? (
                <button
                  type="button"
                  title={text.analysis.conversion.toGoal(label)}
                  onClick={() =>
                    update({
                      target: writeTarget({ kind: row.kind === 'page' ? 'page' : 'element', key, name: label }),
                    })
                  }
                >
                  {label}
                </button>
              ) : (
                <span>{label}</span>
              )}
              <span className={styles.quiet} title={exact(row.sessions)}>
                {text.sessions(count(row.sessions), row.sessions)} · {percent(row.share)}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  next: css({
    listStyle: 'none',
    '& li': {
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 0),
    },
    '& button': {
      padding: 0,
      border: 0,
      background: 'transparent',
      color: theme.colors.text.primary,
      textAlign: 'left',
      overflowWrap: 'anywhere',
      '&:hover': { color: theme.colors.text.link, textDecoration: 'underline' },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
    },
  }),
  quiet: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap', margin: 0 }),
});
