// The whole screen: choose an application and a page, then its map at the left and what it says at the right.

import { css } from '@emotion/css';
import React, { useEffect, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { WorkspaceProvider, useWorkspace, type WorkspaceProviderProps } from './context';
import { DemoProgress } from './DemoProgress';
import { EmptyState } from './EmptyState';
import { FilterBar } from './FilterBar';
import { count } from './format';
import { HeatmapPage } from './HeatmapPage';
import { Main } from './host';
import { PageBar } from './PageBar';
import { PagePicker } from './PagePicker';
import { Problem } from './Problem';
import { SkipLink } from './SkipLink';
import { useApplications } from './questions';
import { noteOpened } from './recent';
import type { WorkspaceState } from './state';
import { text } from './text';
import { useApplicationName } from './useApplicationName';
import { useTitle } from './useTitle';

interface WorkspaceProps extends Omit<WorkspaceProviderProps, 'children'> {
  /** In Grafana its own time controls take the place of ours. */
  timePicker?: ReactNode;
  /** What stands first in the top bar, such as the way home. */
  start?: ReactNode;
  /** Further buttons at the end of the top bar. */
  actions?: ReactNode;
  /** What has nothing to do with the map. */
  tools?: ReactNode;
}

/** The workspace fills the box it is put into. */
export function Workspace({ timePicker, start, actions, tools, ...provider }: WorkspaceProps) {
  const styles = useStyles2(getStyles);
  return (
    <WorkspaceProvider {...provider}>
      <div className={styles.screen}>
        <SkipLink />
        <PageBar timePicker={timePicker} start={start} actions={actions} tools={tools} />
        <DemoProgress />
        <Content />
      </div>
    </WorkspaceProvider>
  );
}

function Content() {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly } = useWorkspace();
  const applications = useApplications();
  const only = applications.value?.length === 1 ? applications.value[0].application : undefined;
  useEffect(() => {
    if (!state.application && only) {
      update({ application: only }, 'replace');
    }
  }, [state.application, only, update]);

  const name = useApplicationName(state.application);
  useTitle(state.page ? whatOf(state) : text.choosePage, state.page, name);
  useEffect(() => {
    if (state.application && state.page && !readOnly) {
      noteOpened({ application: state.application, page: state.page });
    }
  }, [state.application, state.page, readOnly]);
  if (state.application && state.page) {
    return (
      <>
        <FilterBar />
        <HeatmapPage />
      </>
    );
  }
  return (
    <Main className={styles.chooser}>
      {applications.error && <Problem error={applications.error} retry={applications.retry} />}
      {applications.value?.length === 0 && <EmptyState kind="noEvents" />}
      {state.application && applications.value?.length !== 0 && (
        <>
          <h1>{text.choosePage}</h1>
          <p>{text.pageLead}</p>
          <PagePicker layout="cards" onPick={(page) => update({ page })} />
        </>
      )}
      {!state.application && applications.value && applications.value.length > 1 && (
        <>
          <h1>{text.chooseApplication}</h1>
          <ul className={styles.applications}>
            {applications.value.map((entry) => (
              <li key={entry.application}>
                <button type="button" onClick={() => update({ application: entry.application })}>
                  <strong title={entry.application}>{entry.name}</strong>
                  <span>
                    {text.views(count(entry.views), entry.views)} · {text.clicks(count(entry.clicks), entry.clicks)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Main>
  );
}

/** "Rage clicks", "Scroll map": what a map shows. */
const whatOf = ({ map, signal }: WorkspaceState): string =>
  map === 'scroll' || signal === 'all' ? text.maps[map] : `${text.maps[map]}: ${text.signal.names[signal]}`;

const getStyles = (theme: GrafanaTheme2) => ({
  screen: css({
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    minHeight: 0,
    background: theme.colors.background.canvas,
    color: theme.colors.text.primary,
    '@media print': { display: 'block', height: 'auto' },
  }),
  chooser: css({
    flex: 1,
    minHeight: 0,
    overflowY: 'auto',
    width: '100%',
    maxWidth: 1280,
    margin: '0 auto',
    padding: theme.spacing(3, 2),
    '& h1': { ...theme.typography.h3, marginBottom: theme.spacing(0.5) },
    '& > p': { color: theme.colors.text.secondary },
  }),
  applications: css({
    listStyle: 'none',
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 260px), 1fr))',
    gap: theme.spacing(2),
    marginTop: theme.spacing(2),
    '& button': {
      width: '100%',
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(0.5),
      textAlign: 'left',
      padding: theme.spacing(2),
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      background: theme.colors.background.primary,
      color: theme.colors.text.primary,
      '&:hover': { borderColor: theme.colors.border.strong },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
      '& strong': { overflowWrap: 'anywhere' },
      '& span': { color: theme.colors.text.secondary },
    },
  }),
});
