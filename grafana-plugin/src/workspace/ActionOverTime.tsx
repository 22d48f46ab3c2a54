// The course of one action: clicks and signs of frustration over time, and since when there are any.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { ActionAnswer } from '../contract/answers';
import type { Measure } from '../contract/query';
import { useWorkspace } from './context';
import { timeFormat } from './format';
import { useFirstSign, useQuestion } from './questions';
import type { Release } from './ReleaseChange';
import { withFilter } from './state';
import { text } from './text';
import { STRIPS, TimeBars, type Strip } from './TimeBars';
import { Waiting } from './Waiting';

const BARS = 60;
/** What is seen of the time before the first sign, as a share of the time since. */
const MARGIN = 0.2;

interface ActionOverTimeProps {
  element: string;
  action: ActionAnswer['action'];
  releases: readonly Release[];
}

export function ActionOverTime({ element, action, releases }: ActionOverTimeProps) {
  const styles = useStyles2(getStyles);
  const { readOnly, timeZone, range, update } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const series = useSeries(element, 'clicks', true);
  // A snapshot holds the clicks only.
  const has = (strip: Strip) => !readOnly && (action?.[strip] ?? 0) > 0;
  const rage = useSeries(element, 'rage', has('rage'));
  const dead = useSeries(element, 'dead', has('dead'));
  const error = useSeries(element, 'error', has('error'));
  const firsts = {
    rage: useFirstSign(element, 'rage', has('rage')).value,
    dead: useFirstSign(element, 'dead', has('dead')).value,
    error: useFirstSign(element, 'error', has('error')).value,
  };
  const clicks = series.value?.[0];
  const since = STRIPS.flatMap((strip) => {
    const first = firsts[strip];
    return first ? [{ strip, first }] : [];
  });
  const earliest = Math.min(...since.map(({ first }) => first));
  return (
    <>
      <Waiting asked={series} what={text.slow.other} />
      <div className={styles.room}>
        {clicks && (
          <TimeBars
            series={clicks}
            strips={{ rage: rage.value?.[0], dead: dead.value?.[0], error: error.value?.[0] }}
            releases={releases}
          />
        )}
      </div>
      {since.length > 0 && (
        <p className={styles.since} data-testid="since">
          {since.map(({ strip, first }) => (
            <span key={strip}>
              {text.analysis.bars.since[strip]} <strong>{time(first)}</strong>
              {first < range.from && ` (${text.analysis.bars.before})`}
            </span>
          ))}
          {!readOnly && earliest < range.from && (
            <Button
              size="sm"
              fill="text"
              onClick={() => update({ from: String(Math.round(earliest - MARGIN * (range.to - earliest))) })}
            >
              {text.analysis.bars.showSince}
            </Button>
          )}
        </p>
      )}
    </>
  );
}

function useSeries(element: string, measure: Measure, wanted: boolean) {
  const { state } = useWorkspace();
  const filters = withFilter(state.filters, 'element', [element], false);
  // Clicks and signs each have a strip of their own; the map's signal would leave out the others.
  return useQuestion('timeseries', wanted ? { measure, filters, signal: 'all', maxDataPoints: BARS } : null);
}

const getStyles = (theme: GrafanaTheme2) => ({
  // The chart's height, so that nothing jumps when it comes.
  room: css({ minHeight: 114 }),
  since: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: theme.spacing(2),
    margin: 0,
    color: theme.colors.text.secondary,
    '& strong': { color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium },
  }),
});
