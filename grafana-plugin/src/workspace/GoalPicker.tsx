// Choosing where sessions should end up: any page of the application, or any action on it.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Input, useStyles2 } from '@grafana/ui';

import type { QueryOf } from '../contract/query';
import { useWorkspace } from './context';
import { nameOf } from './elements';
import { count } from './format';
import { usePages } from './questions';
import type { Target } from './target';
import { text } from './text';
import { useAnswer } from './useAnswer';
import { Waiting } from './Waiting';

const PAGES = 30;
const ACTIONS = 500;
const SHOWN = 30;

export function GoalPicker({ pick }: { pick: (target: Target) => void }) {
  const styles = useStyles2(getStyles);
  const { backend, state, range } = useWorkspace();
  const [search, setSearch] = useState('');
  const pages = usePages(state.application, search, PAGES);
  const query: QueryOf<'actions'> = { question: 'actions', application: state.application, limit: ACTIONS };
  const actions = useAnswer(JSON.stringify([query, range]), (signal) => backend.ask(query, range, signal));
  const wanted = search.toLowerCase();
  const found = (actions.value?.rows ?? [])
    .filter((row) => row.element && row.element !== state.action)
    .filter((row) => `${row.action_name} ${row.element}`.toLowerCase().includes(wanted))
    .slice(0, SHOWN);
  const words = text.analysis.conversion;
  const nothing = !pages.loading && !actions.loading && !pages.value?.pages.length && !found.length;
  return (
    <div>
      <Input
        autoFocus
        value={search}
        placeholder={words.search}
        aria-label={words.search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Waiting asked={pages} what={text.slow.other} />
      <Waiting asked={actions} what={text.slow.actions} />
      {nothing && <p className={styles.quiet}>{words.none}</p>}
      {pages.value && pages.value.pages.length > 0 && <h4 className={styles.head}>{words.pages}</h4>}
      <ul className={styles.list} aria-label={words.pages}>
        {pages.value?.pages.map(({ page, views }) => (
          <li key={page}>
            <Goal
              name={page}
              more={text.views(count(views), views)}
              pick={() => pick({ kind: 'page', key: page, name: page })}
            />
          </li>
        ))}
      </ul>
      {found.length > 0 && <h4 className={styles.head}>{words.actions}</h4>}
      <ul className={styles.list} aria-label={words.actions}>
        {found.map((row) => (
          <li key={row.element}>
            <Goal
              name={nameOf(row)}
              more={text.clicks(count(row.clicks), row.clicks)}
              place={row.element}
              pick={() => pick({ kind: 'element', key: row.element, name: nameOf(row) })}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Goal({ name, more, place, pick }: { name: string; more: string; place?: string; pick: () => void }) {
  const styles = useStyles2(getStyles);
  return (
    <Button fullWidth fill="text" variant="secondary" size="sm" title={place} onClick={pick}>
      <span className={styles.goal}>
        <span className={styles.name}>
          {name}
          {place && <code>{place}</code>}
        </span>
        <span className={styles.quiet}>{more}</span>
      </span>
    </Button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: theme.spacing(1, 0, 0) }),
  list: css({ listStyle: 'none', '& button': { height: 'auto', padding: theme.spacing(0.5, 1) } }),
  goal: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    width: '100%',
    textAlign: 'left',
  }),
  name: css({
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    '& code': { marginLeft: theme.spacing(1), fontSize: 11, background: 'transparent', border: 0 },
  }),
  quiet: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
