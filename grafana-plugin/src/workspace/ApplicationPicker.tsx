// Switching the application: choose one, and it offers its five most visited pages.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { count, exact } from './format';
import { Popover } from './Popover';
import { useApplications, usePages } from './questions';
import { OTHER_PAGE } from './state';
import { text } from './text';
import { useName } from './useName';
import { Waiting } from './Waiting';

const TOP = 5;

export function ApplicationPicker() {
  const { state } = useWorkspace();
  const label = useName(state.application) || text.chooseApplication;
  return (
    <Popover label={label} name={`${text.application}: ${label}`} icon="apps" width={320}>
      {(close) => <Steps close={close} />}
    </Popover>
  );
}

function Steps({ close }: { close: () => void }) {
  const [application, setApplication] = useState('');
  return application ? (
    <TopPages application={application} back={() => setApplication('')} close={close} />
  ) : (
    <Applications pick={setApplication} />
  );
}

function Applications({ pick }: { pick: (application: string) => void }) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const applications = useApplications();
  return (
    <>
      <Waiting asked={applications} what={text.slow.other} />
      <ul className={styles.list} aria-label={text.application}>
        {applications.value?.map((entry) => (
          <li key={entry.application}>
            <Button
              fullWidth
              fill="text"
              variant={entry.application === state.application ? 'primary' : 'secondary'}
              onClick={() => pick(entry.application)}
            >
              <Entry name={entry.name} id={entry.application} views={entry.views} />
            </Button>
          </li>
        ))}
        {applications.value?.length === 0 && <li>{text.empty.noEvents.title}</li>}
      </ul>
    </>
  );
}

function TopPages({ application, back, close }: { application: string; back: () => void; close: () => void }) {
  const styles = useStyles2(getStyles);
  const { update } = useWorkspace();
  const pages = usePages(application, '', TOP);
  const words = text.analysis.applications;
  const name = useName(application);
  const go = (page: string) => {
    update({ ...OTHER_PAGE, application, page, filters: [], split: '' });
    close();
  };
  return (
    <>
      <Button size="sm" fill="text" icon="arrow-left" autoFocus onClick={back}>
        {words.back}
      </Button>
      <h3 className={styles.head}>{words.top(name)}</h3>
      <Waiting asked={pages} what={text.slow.other} />
      {pages.value?.length === 0 && <p className={styles.views}>{words.none}</p>}
      <ol className={styles.list} aria-label={words.top(name)}>
        {pages.value?.slice(0, TOP).map(({ page, views }) => (
          <li key={page}>
            <Button fullWidth fill="text" variant="secondary" onClick={() => go(page)}>
              <Entry name={page} id={page} views={views} />
            </Button>
          </li>
        ))}
      </ol>
      <Button size="sm" variant="secondary" fullWidth onClick={() => go('')}>
        {words.all}
      </Button>
    </>
  );
}

function Entry({ name, id, views }: { name: string; id: string; views: number }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.entry}>
      <span className={styles.name} title={id}>
        {name}
      </span>
      <span className={styles.views} title={exact(views)}>
        {text.views(count(views), views)}
      </span>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({ ...theme.typography.h6, margin: theme.spacing(1, 0, 0.5), overflowWrap: 'anywhere' }),
  list: css({ listStyle: 'none', margin: 0, '& button > span': { width: '100%' } }),
  entry: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(2), width: '100%' }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  views: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
