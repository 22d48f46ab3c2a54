// Clicks over time as bars, the frustrated ones in strips below on the same axis; a span of bars can be zoomed into.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { Series } from '../contract/answers';
import { Bars } from './Bars';
import { useWorkspace } from './context';
import { count, exact, timeFormat } from './format';
import { text } from './text';
import { useSpan } from './useSpan';

const HEIGHT = 72;
const STRIP = 22;
/** What a version's name takes of the width, about. */
const NAME = 0.12;

export const STRIPS = ['rage', 'dead', 'error'] as const;
export type Strip = (typeof STRIPS)[number];

interface TimeBarsProps {
  series: Series;
  strips: Partial<Record<Strip, Series>>;
  releases: ReadonlyArray<{ time: number; version: string }>;
}

export function TimeBars({ series, strips, releases }: TimeBarsProps) {
  const styles = useStyles2(getStyles);
  const { timeZone, update, range, readOnly } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const bars = series.time.length;
  const step = bars > 1 ? series.time[1] - series.time[0] : range.to - range.from;
  const [told, setTold] = useState<number | null>(null);
  const span = useSpan(
    bars,
    readOnly
      ? null
      : (from, to) => {
          const start = Math.max(range.from, series.time[from]);
          update({ from: String(start), to: String(Math.min(range.to, series.time[to] + step)) });
        }
  );
  if (!bars) {
    return null;
  }
  const values = series.value.map((value) => value ?? 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  const most = Math.max(...values);
  const peak = values.indexOf(most);
  const at = span.at ?? told;
  const say = (i: number) =>
    text.analysis.bars.at(
      time(series.time[i]),
      [
        text.clicks(exact(values[i]), values[i]),
        ...STRIPS.flatMap((strip) => {
          const n = strips[strip]?.value[i] ?? 0;
          return n > 0 ? [text.signals[strip](exact(n))] : [];
        }),
      ].join(' · ')
    );
  const summary = text.details.seriesSummary(count(total), count(most), time(series.time[peak]));
  const share = (moment: number) => (moment - series.time[0]) / (step * bars);
  return (
    <figure className={styles.figure}>
      <div
        {...span.handlers}
        role="slider"
        tabIndex={0}
        aria-label={`${text.analysis.bars.label}: ${summary}`}
        aria-valuemin={0}
        aria-valuemax={bars - 1}
        aria-valuenow={at ?? peak}
        aria-valuetext={say(at ?? peak)}
        title={readOnly ? undefined : text.analysis.bars.help}
        data-testid="time-bars"
        className={styles.chart}
        onMouseMove={(event) => setTold(span.barAt(event))}
        onMouseLeave={() => setTold(null)}
      >
        <Bars values={values} most={most} height={HEIGHT} kind="clicks" lit={at} />
        {STRIPS.map((strip) => {
          const found = strips[strip]?.value.map((value) => value ?? 0);
          return (
            found && <Bars key={strip} values={found} most={Math.max(...found)} height={STRIP} kind={strip} lit={at} />
          );
        })}
        {releases
          .filter(({ time: moment }) => share(moment) >= 0 && share(moment) <= 1)
          .map(({ time: moment, version }, i, shown) => (
            <span
              key={version}
              className={styles.release}
              style={{ left: `${share(moment) * 100}%` }}
              data-testid="release"
            >
              {/* Of releases close together the last one is named; each is where the line is, and in the list below. */}
              {(i === shown.length - 1 || share(shown[i + 1].time) - share(moment) > NAME) && (
                <span
                  title={text.analysis.bars.release(version)}
                  style={share(moment) < NAME ? { left: 2 } : { right: 2 }}
                >
                  {version}
                </span>
              )}
            </span>
          ))}
        {span.selected && (
          <span
            className={styles.selection}
            style={{
              left: `${(span.selected[0] / bars) * 100}%`,
              width: `${((span.selected[1] - span.selected[0] + 1) / bars) * 100}%`,
            }}
          />
        )}
      </div>
      <figcaption className={styles.axis}>
        <span>{time(series.time[0])}</span>
        <span aria-hidden className={styles.told}>
          {at === null ? '' : say(at)}
        </span>
        <span>{time(Math.min(range.to, series.time[bars - 1] + step))}</span>
      </figcaption>
    </figure>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  figure: css({ margin: 0 }),
  chart: css({
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    gap: 4,
    paddingTop: 18,
    cursor: 'col-resize',
    touchAction: 'pan-y',
    userSelect: 'none',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 2 },
  }),
  release: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    borderLeft: `1px dashed ${theme.colors.text.secondary}`,
    pointerEvents: 'none',
    '& > span': {
      position: 'absolute',
      top: 0,
      color: theme.colors.text.secondary,
      fontSize: 11,
      whiteSpace: 'nowrap',
    },
  }),
  selection: css({
    position: 'absolute',
    top: 18,
    bottom: 0,
    background: theme.colors.primary.transparent,
    border: `1px solid ${theme.colors.primary.border}`,
    pointerEvents: 'none',
  }),
  axis: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    minHeight: 20,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    '& > span': { whiteSpace: 'nowrap' },
  }),
  told: css({ color: theme.colors.text.primary, overflow: 'hidden', textOverflow: 'ellipsis' }),
});
