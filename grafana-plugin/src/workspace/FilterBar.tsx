// The second bar: filters that can be added and removed, window widths, signal, and what is counted.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';

import { METRICS, SIGNALS } from '../contract/query';
import { AddFilter } from './AddFilter';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { filterWords } from './filterWords';
import { ColourPicker } from './ColourPicker';
import { FilterValues } from './FilterValues';
import { Popover } from './Popover';
import { SplitPicker } from './SplitPicker';
import { isChoice, isLeftOut } from './state';
import { text } from './text';
import { WidthBands } from './WidthBands';

export function FilterBar() {
  const styles = useStyles2(getStyles);
  const { state, update, readOnly } = useWorkspace();
  return (
    <section className={styles.bar} aria-label={text.filters.label}>
      {state.filters.map((filter, i) => (
        <span key={filterWords(filter)} className={styles.chip}>
          {readOnly || !isChoice(filter) ? (
            <span className={styles.words}>{filterWords(filter)}</span>
          ) : (
            <Popover
              label={<span className={styles.words}>{filterWords(filter)}</span>}
              name={text.filters.change(filterWords(filter))}
              size="sm"
              caret={false}
              width={300}
            >
              {(close) => (
                <FilterValues facet={{ key: filter.key, label: filter.key }} leftOut={isLeftOut(filter)} done={close} />
              )}
            </Popover>
          )}
          {!readOnly && (
            <IconButton
              name="times"
              size="sm"
              aria-label={text.filters.remove(filterWords(filter))}
              onClick={() => update({ filters: state.filters.filter((_, at) => at !== i) })}
            />
          )}
        </span>
      ))}
      {!readOnly && (
        <>
          <AddFilter />
          <WidthBands />
          {state.map === 'clicks' && <SplitPicker />}
          {state.map === 'clicks' && <ColourPicker />}
        </>
      )}
      <div className={styles.end}>
        {!readOnly && state.map === 'clicks' && (
          <Choices
            showLabel
            label={text.metric.label}
            choices={METRICS.map((metric) => ({ value: metric, label: text.metric.names[metric] }))}
            value={state.metric}
            onChange={(metric) => update({ metric })}
          />
        )}
        {state.map !== 'scroll' && (
          <Choices
            showLabel
            label={text.signal.label}
            choices={SIGNALS.map((signal) => ({
              value: signal,
              label: text.signal.names[signal],
              help: text.signal.help[signal],
            }))}
            value={state.signal}
            onChange={(signal) => update({ signal })}
          />
        )}
      </div>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 1.5),
    padding: theme.spacing(0.75, 2),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    [theme.breakpoints.down('md')]: {
      padding: theme.spacing(0.75, 1),
      // One line that is swiped, so that the map keeps the screen.
      overflowX: 'auto',
      flexWrap: 'nowrap',
      '& > *': { flex: 'none' },
    },
  }),
  chip: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: 26,
    padding: theme.spacing(0, 0.75, 0, 1),
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.action.selected,
    fontSize: theme.typography.bodySmall.fontSize,
    maxWidth: 280,
  }),
  words: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  end: css({
    display: 'flex',
    gap: theme.spacing(1.5),
    marginLeft: 'auto',
    flexWrap: 'wrap',
    [theme.breakpoints.down('md')]: { flexWrap: 'nowrap' },
  }),
});
