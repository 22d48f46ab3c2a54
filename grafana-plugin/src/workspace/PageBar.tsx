// The top bar: which application and page, which type of map, and when.

import { css } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';

import { ApplicationPicker } from './ApplicationPicker';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { PagePicker } from './PagePicker';
import { Popover } from './Popover';
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
}

export function PageBar({ timePicker, start, actions }: PageBarProps) {
  const styles = useStyles2(getStyles);
  const { state, update, refresh, readOnly } = useWorkspace();
  return (
    <header className={styles.bar}>
      {start}
      {readOnly ? <strong className={styles.fixed}>{state.page}</strong> : <ApplicationPicker />}
      {!readOnly && state.application && state.page && (
        <div className={styles.page}>
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
        <Choices
          role="tab"
          label={text.mapType}
          choices={MAPS.map((map) => ({ value: map, label: text.maps[map] }))}
          value={state.map}
          onChange={(map) => update({ map, action: '', target: '', reached: null })}
        />
      )}
      <div className={styles.end}>
        {timePicker ?? <TimePicker />}
        {!readOnly && !timePicker && (
          <IconButton name="sync" size="lg" aria-label={text.refresh} tooltip={text.refresh} onClick={refresh} />
        )}
        {actions}
      </div>
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
    [theme.breakpoints.down('md')]: {
      padding: theme.spacing(0.75, 1),
      gap: theme.spacing(0.75),
      '& > :first-of-type': { maxWidth: '40vw' },
      // The type of map gets a line of its own, below the rest.
      '& > :nth-of-type(3):not(:last-child)': { order: 1 },
      '& [aria-haspopup]': { paddingLeft: theme.spacing(1), paddingRight: theme.spacing(1) },
      '& > :last-child': { gap: theme.spacing(0.5) },
    },
  }),
  page: css({ minWidth: 0, maxWidth: 360, [theme.breakpoints.down('md')]: { maxWidth: '32vw' } }),
  end: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginLeft: 'auto',
    // The clock alone says enough; its name is read out. Grafana adds more buttons than a phone is wide.
    [theme.breakpoints.down('md')]: { flexWrap: 'wrap', '& [aria-haspopup] > span': { display: 'none' } },
  }),
  fixed: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  list: css({ listStyle: 'none' }),
  entry: css({ display: 'flex', width: '100%', justifyContent: 'space-between', gap: theme.spacing(2) }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  views: css({ color: theme.colors.text.secondary }),
});
