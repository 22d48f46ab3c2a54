// The time line of a replay: where it stands, pages, clicks and errors as marks, pauses hatched.

import { css, cx } from '@emotion/css';
import React, { memo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { MomentRow } from '../contract/answers';
import { text } from '../workspace/text';
import type { Stretch } from './idle';
import { clock, lookOf, momentName } from './moments';

interface ReplayTimeLineProps {
  moments: readonly MomentRow[];
  idle: readonly Stretch[];
  startMs: number;
  total: number;
  offset: number;
  onSeek: (offset: number) => void;
  onMoment: (moment: MomentRow) => void;
}

export function ReplayTimeLine({ moments, idle, startMs, total, offset, onSeek, onMoment }: ReplayTimeLineProps) {
  const styles = useStyles2(getStyles);
  const words = text.library.replay;
  const place = (at: number) => placeOf(at, total);
  return (
    <div className={styles.line} data-testid="time-line">
      <Marks moments={moments} startMs={startMs} total={total} onMoment={onMoment} />
      <div className={styles.track}>
        {idle.map(({ from, to }) => (
          <span
            key={from}
            className={styles.idle}
            title={words.idle}
            style={{ left: place(from), width: place(to - from) }}
          />
        ))}
        <span className={styles.done} style={{ width: place(offset) }} />
      </div>
      <input
        type="range"
        className={styles.range}
        min={0}
        max={Math.round(total)}
        step={1000}
        value={Math.round(offset)}
        aria-label={words.position}
        aria-valuetext={words.of(clock(offset), clock(total))}
        onChange={(event) => onSeek(Number(event.currentTarget.value))}
      />
    </div>
  );
}

const placeOf = (at: number, total: number) => `${(100 * Math.min(Math.max(0, at), total)) / (total || 1)}%`;

type MarksProps = Pick<ReplayTimeLineProps, 'moments' | 'startMs' | 'total' | 'onMoment'>;

/** There may be thousands, which stay while the replay plays. */
const Marks = memo(function Marks({ moments, startMs, total, onMoment }: MarksProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.marks}>
      {moments.map((moment, number) => (
        // The list beside has the same moments for keyboards and screen readers.
        <button
          key={number}
          tabIndex={-1}
          aria-hidden
          type="button"
          className={cx(styles.mark, styles[lookOf(moment)])}
          style={{ left: placeOf(moment.time - startMs, total) }}
          title={`${clock(moment.time - startMs)} ${momentName(moment)}`}
          data-look={lookOf(moment)}
          onClick={() => onMoment(moment)}
        />
      ))}
    </div>
  );
});

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ position: 'relative', height: 34, margin: theme.spacing(0, 1) }),
  marks: css({ position: 'absolute', inset: '0 0 auto 0', height: 18 }),
  mark: css({
    position: 'absolute',
    top: 2,
    width: 10,
    height: 14,
    marginLeft: -5,
    padding: 0,
    border: 'none',
    borderRadius: 3,
    background: theme.colors.text.secondary,
    '&:hover': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  page: css({ width: 2, marginLeft: -1, height: 18, top: 0, borderRadius: 0, background: theme.colors.border.strong }),
  custom: css({ background: theme.colors.info.main }),
  click: css({ background: theme.colors.primary.main }),
  rage: css({ background: theme.colors.error.main }),
  dead: css({ background: 'none', border: `2px solid ${theme.colors.text.primary}` }),
  error: css({ background: theme.colors.warning.main, clipPath: 'polygon(50% 0, 100% 100%, 0 100%)' }),
  track: css({
    position: 'absolute',
    inset: 'auto 0 4px 0',
    height: 8,
    borderRadius: 4,
    overflow: 'hidden',
    background: theme.colors.background.secondary,
    boxShadow: `inset 0 0 0 1px ${theme.colors.border.medium}`,
  }),
  idle: css({
    position: 'absolute',
    height: '100%',
    background: `repeating-linear-gradient(135deg, transparent 0 3px, ${theme.colors.border.strong} 3px 5px)`,
  }),
  done: css({ position: 'absolute', left: 0, height: '100%', background: theme.colors.primary.main, opacity: 0.7 }),
  range: css({
    position: 'absolute',
    inset: 'auto -8px 0 -8px',
    width: 'calc(100% + 16px)',
    height: 16,
    margin: 0,
    background: 'none',
    appearance: 'none',
    cursor: 'pointer',
    '&::-webkit-slider-thumb': {
      appearance: 'none',
      width: 16,
      height: 16,
      borderRadius: '50%',
      background: theme.colors.primary.main,
      border: `2px solid ${theme.colors.background.primary}`,
    },
    '&::-moz-range-thumb': {
      width: 12,
      height: 12,
      borderRadius: '50%',
      background: theme.colors.primary.main,
      border: `2px solid ${theme.colors.background.primary}`,
    },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, borderRadius: 8 },
  }),
});
