// Switching the application: choose one, and it offers its five most visited pages.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { ApplicationList } from './ApplicationList';
import { useWorkspace } from './context';
import { NamedCount } from './NamedCount';
import { Popover } from './Popover';
import { usePages } from './questions';
import { OTHER_PAGE } from './state';
import { text } from './text';
import { useApplicationName } from './useApplicationName';
import { Waiting } from './Waiting';

const TOP = 5;

export function ApplicationPicker() {
  const { state } = useWorkspace();
  const label = useApplicationName(state.application) || text.chooseApplication;
  return (
    <Popover label={label} name={`${text.application}: ${label}`} icon="apps" width={320}>
      {(close) => <Steps close={close} />}
    </Popover>
  );
}

function Steps({ close }: { close: () => void }) {
  const { state } = useWorkspace();
  const [application, setApplication] = useState('');
  return application ? (
    <TopPages application={application} back={() => setApplication('')} close={close} />
  ) : (
    <ApplicationList current={state.application} pick={setApplication} />
  );
}

function TopPages({ application, back, close }: { application: string; back: () => void; close: () => void }) {
  const styles = useStyles2(getStyles);
  const { update } = useWorkspace();
  const pages = usePages(application, '', TOP);
  const words = text.analysis.applications;
  const name = useApplicationName(application);
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
      {pages.value?.pages.length === 0 && <p className={styles.views}>{words.none}</p>}
      <ol className={styles.list} aria-label={words.top(name)}>
        {pages.value?.pages.slice(0, TOP).map(({ page, views }) => (
          <li key={page}>
            <Button fullWidth fill="text" variant="secondary" onClick={() => go(page)}>
              <NamedCount name={page} id={page} views={views} />
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

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({ ...theme.typography.h6, margin: theme.spacing(1, 0, 0.5), overflowWrap: 'anywhere' }),
  list: css({ listStyle: 'none', margin: 0, '& button > span': { width: '100%' } }),
  views: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
