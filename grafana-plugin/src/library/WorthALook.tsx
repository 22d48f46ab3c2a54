// What the home page offers while nothing is saved: the most visited pages, and those with most rage.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { PageRow } from '../contract/answers';
import { Choices } from '../workspace/Choices';
import { useWorkspace } from '../workspace/context';
import { EmptyState } from '../workspace/EmptyState';
import { count } from '../workspace/format';
import { useApplications } from '../workspace/questions';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { Waiting } from '../workspace/Waiting';
import { useLibrary } from './context';
import { linkTo, searchOf } from './links';

const OFFERED = 5;

export function WorthALook() {
  const styles = useStyles2(getStyles);
  const applications = useApplications();
  const [chosen, setChosen] = useState('');
  const words = text.library;
  if (!applications.value || applications.error) {
    return <Waiting asked={applications} what={text.slow.other} />;
  }
  if (applications.value.length === 0) {
    return <EmptyState kind="noEvents" />;
  }
  const known = applications.value;
  const application = chosen || known[0].application;
  return (
    <>
      <p>
        {words.noneYet} <span className={styles.quiet}>{words.noneYetHelp}</span>
      </p>
      {known.length > 1 && (
        <Choices
          label={text.application}
          choices={known.map((one) => ({ value: one.application, label: one.application }))}
          value={application}
          onChange={setChosen}
        />
      )}
      <div className={styles.lists}>
        <Offered application={application} order="views" title={words.mostVisited} />
        <Offered application={application} order="rage" title={words.mostRage} />
      </div>
    </>
  );
}

function Offered(props: { application: string; order: 'views' | 'rage'; title: string }) {
  const { application, order, title } = props;
  const styles = useStyles2(getStyles);
  const { backend, range } = useWorkspace();
  const asked = useAnswer(JSON.stringify([application, order, range]), (signal) =>
    backend.ask({ question: 'pages', application, order, limit: OFFERED }, range, signal)
  );
  const found = (asked.value ?? []).filter((row) => order === 'views' || row.rage > 0);
  return (
    <section>
      <h2>{title}</h2>
      <Waiting asked={asked} what={text.slow.pages} />
      {asked.value && found.length === 0 && <p className={styles.quiet}>{text.library.noRage}</p>}
      <ul className={styles.list} aria-label={title}>
        {found.map((row) => (
          <li key={row.page}>
            <Page row={row} application={application} signal={order === 'rage' ? 'rage' : ''} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Page({ row, application, signal }: { row: PageRow; application: string; signal: string }) {
  const styles = useStyles2(getStyles);
  const { backend } = useWorkspace();
  const { url, search } = useLibrary();
  return (
    <a
      className={styles.entry}
      {...linkTo(url, searchOf('heatmap', search, { app: application, page: row.page, signal }))}
    >
      <span className={styles.thumbnail}>
        {row.background && <img src={backend.thumbnailUrl(row.background, 384)} alt="" loading="lazy" />}
      </span>
      <span className={styles.words}>
        <strong>{row.page}</strong>
        <span className={styles.quiet}>
          {text.views(count(row.views), row.views)} · {text.clicks(count(row.clicks), row.clicks)}
          {row.rage > 0 && ` · ${text.rageClicks(count(row.rage))}`}
        </span>
      </span>
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary }),
  lists: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 360px), 1fr))',
    gap: theme.spacing(0, 3),
  }),
  list: css({ listStyle: 'none' }),
  entry: css({
    display: 'flex',
    gap: theme.spacing(1.5),
    alignItems: 'center',
    padding: theme.spacing(0.75),
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.primary,
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  thumbnail: css({
    flex: '0 0 96px',
    height: 66,
    overflow: 'hidden',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    '& img': { width: '100%', height: '100%', objectFit: 'cover', objectPosition: 'top' },
  }),
  words: css({ minWidth: 0, display: 'flex', flexDirection: 'column', '& strong': { overflowWrap: 'anywhere' } }),
});
