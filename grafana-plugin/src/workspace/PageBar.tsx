// The top bar: which application and page, which type of map, and when.

import { css } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { ApplicationPicker } from './ApplicationPicker';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { PagePicker } from './PagePicker';
import { Popover } from './Popover';
import { RefreshChoices, RefreshTools } from './RefreshTools';
import { MAPS, OTHER_PAGE } from './state';
import { text } from './text';
import { TimePicker } from './TimePicker';

interface PageBarProps {
  /** In Grafana its own time controls stand here. */
  timePicker?: ReactNode;
  /** What stands first in the bar. */
  start?: ReactNode;
  /** Further buttons at the end of the bar. */
  actions?: ReactNode;
  /** What has nothing to do with the map, such as colours: last of all; beside the pickers on a phone. */
  tools?: ReactNode;
}

export function PageBar({ timePicker, start, actions, tools }: PageBarProps) {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly } = useWorkspace();
  return (
    <header className={styles.bar}>
      {start && <div className={styles.start}>{start}</div>}
      {readOnly ? (
        <strong className={styles.fixed}>{state.page}</strong>
      ) : (
        <div className={styles.picker}>
          <ApplicationPicker />
        </div>
      )}
      {!readOnly && state.application && state.page && (
        <div className={styles.picker}>
          <Popover label={state.page} name={`${text.page}: ${state.page}`} icon="file-alt" width={400}>
            {(close) => (
              <PagePicker
                layout="rows"
                onPick={(page) => {
                  update({ ...OTHER_PAGE, page });
                  close();
                }}
              />
            )}
          </Popover>
        </div>
      )}
      {state.page && (
        <div className={styles.maps}>
          <Choices
            role="tab"
            label={text.mapType}
            choices={MAPS.map((map) => ({ value: map, label: text.maps[map] }))}
            value={state.map}
            onChange={(map) => update({ map, action: '', target: '', reached: null })}
          />
        </div>
      )}
      <div className={styles.end}>
        {timePicker ?? <TimePicker>{!readOnly && <RefreshChoices />}</TimePicker>}
        {!readOnly && !timePicker && <RefreshTools />}
        {actions}
      </div>
      {tools && <div className={styles.tools}>{tools}</div>}
      <span className={styles.line} aria-hidden />
    </header>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1, 2),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    // Two lines on a phone: what is looked at; and how, and what can be done with it.
    [theme.breakpoints.down('md')]: { padding: theme.spacing(0.75, 1), gap: theme.spacing(0.75) },
  }),
  start: css({ display: 'flex', '& > *': { flex: 'none' } }),
  picker: css({
    display: 'flex',
    minWidth: 0,
    maxWidth: 360,
    [theme.breakpoints.down('md')]: {
      flex: '1 1 0',
      maxWidth: 'max-content', // side by side, however wide the window; long names give way
      '& [aria-haspopup]': { paddingLeft: theme.spacing(0.75), paddingRight: theme.spacing(0.75) },
    },
  }),
  maps: css({
    display: 'flex',
    [theme.breakpoints.down('md')]: {
      order: 2,
      flex: 'none',
      '& [role=tab]': { padding: theme.spacing(0, 0.5) },
    },
  }),
  end: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginLeft: 'auto',
    // Icons alone say enough; their names are read out. Grafana adds more buttons than a phone is wide.
    [theme.breakpoints.down('md')]: {
      order: 2,
      flex: '1 1 0', // beside the types of map, however many buttons there are
      gap: theme.spacing(0.25),
      minWidth: 0,
      overflowX: 'auto',
      scrollbarWidth: 'none',
      '& > *': { flex: 'none' },
      '& > :first-child': { marginLeft: 'auto' },
      // Not in what they open.
      '& button:not([role=dialog] *) > span': { display: 'none' },
      '& button:not([role=dialog] *):has(> svg)': { padding: theme.spacing(0, 0.75) },
      '& button:not([role=dialog] *) > svg': { margin: 0 },
    },
  }),
  tools: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    [theme.breakpoints.down('md')]: { gap: 0, marginLeft: 'auto' },
  }),
  // Ends the first line of a phone.
  line: css({ display: 'none', [theme.breakpoints.down('md')]: { display: 'block', order: 1, flexBasis: '100%' } }),
  fixed: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
});
