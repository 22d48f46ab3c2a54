// A replay on its device: the recorded window in a frame with its address, controls below, keys for all of them.

import { css, cx } from '@emotion/css';
import React, { useCallback, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, IconButton, InlineSwitch, RadioButtonGroup, useStyles2 } from '@grafana/ui';

import type { MomentRow } from '../contract/answers';
import type { Playback } from '../contract/library';
import { Problem } from '../workspace/Problem';
import { text } from '../workspace/text';
import { idleStretches } from './idle';
import { clock } from './moments';
import { ReplayMoments } from './ReplayMoments';
import { ReplayTimeLine } from './ReplayTimeLine';
import { SPEEDS, usePlayer } from './usePlayer';

/** A replay opens this long before the moment that it is opened for. */
export const LEAD_MS = 3000;
const STEP_MS = 5000;
/** Narrower windows are phones. */
const PHONE_PX = 600;
/** Both borders of a device, px. */
const BORDERS = { phone: 20, window: 2 };
const NONE: readonly MomentRow[] = [];

interface ReplayStageProps {
  playback: Playback;
  /** Undefined until they are known. */
  moments: readonly MomentRow[] | undefined;
  /** Epoch ms of the moment that it is opened for. */
  at: number | null;
  /** Writes a moment (epoch ms) into the address, which is returned. */
  onMoment: (atMs: number) => string;
}

export function ReplayStage({ playback, moments: known, at, onMoment }: ReplayStageProps) {
  const styles = useStyles2(getStyles);
  const words = text.library.replay;
  const start = playback.start_ms;
  const moments = known ?? NONE;
  const room = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const player = usePlayer(box, playback, at === null ? 0 : at - start - LEAD_MS);
  const { offset, total, size, seek } = player;
  const current = moments.reduce((last, moment, number) => (moment.time - start <= offset ? number : last), -1);
  const idle = useMemo(() => idleStretches(timesOf(playback), total), [playback, total]);
  const addresses = useMemo(() => addressesOf(playback), [playback]);
  const [scale, setScale] = useState(1);
  const phone = size.width < PHONE_PX;

  useLayoutEffect(() => {
    const target = room.current;
    if (!target) {
      return;
    }
    const fit = () => {
      const width = target.clientWidth - (phone ? BORDERS.phone : BORDERS.window);
      const height = Math.max(320, window.innerHeight - 320);
      setScale(Math.min(1, width / size.width, height / size.height));
    };
    const watch = new ResizeObserver(fit);
    watch.observe(target); // not the device, which is as large as this makes it
    window.addEventListener('resize', fit);
    fit();
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', fit);
    };
  }, [size, phone]);

  const open = useCallback(
    (moment: MomentRow) => {
      onMoment(moment.time);
      seek(moment.time - start - LEAD_MS);
    },
    [onMoment, seek, start]
  );
  const next = (way: 1 | -1) => {
    const offsets = moments.map((moment) => moment.time - start - LEAD_MS);
    const found =
      way > 0 ? offsets.find((one) => one > offset + 50) : offsets.filter((one) => one < offset - 1000).at(-1);
    seek(found ?? (way > 0 ? total : 0));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const inControl = (event.target as HTMLElement).closest('button, input, a') !== null;
    const keys: Record<string, () => void> = {
      k: player.toggle,
      j: () => seek(offset - STEP_MS),
      l: () => seek(offset + STEP_MS),
      n: () => next(1),
      p: () => next(-1),
      ...(inControl
        ? {}
        : {
            ' ': player.toggle,
            ArrowLeft: () => seek(offset - STEP_MS),
            ArrowRight: () => seek(offset + STEP_MS),
          }),
    };
    const act = keys[event.key];
    if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      act();
    }
  };
  return (
    <div className={styles.stage}>
      {player.problem && <Problem error={player.problem} retry={player.retry} />}
      <section ref={room} className={styles.player} aria-label={words.player} onKeyDown={onKeyDown}>
        <div
          className={cx(styles.device, phone && styles.phone)}
          style={phone ? { width: size.width * scale + BORDERS.phone } : {}}
        >
          <div className={styles.address}>
            <code>{addresses.filter((told) => told.offset <= offset).at(-1)?.href ?? ''}</code>
          </div>
          <div
            ref={box}
            tabIndex={0}
            role="group"
            aria-label={words.keys}
            className={styles.screen}
            data-testid="player"
            style={{ height: size.height * scale, ['--scale' as string]: scale }}
          />
        </div>
        <ReplayTimeLine
          moments={moments}
          idle={idle}
          startMs={start}
          total={total}
          offset={offset}
          onSeek={seek}
          onMoment={open}
        />
        <div className={styles.controls}>
          <IconButton
            name="step-backward"
            size="lg"
            aria-label={words.previous}
            tooltip={words.previous}
            onClick={() => next(-1)}
          />
          <Button
            icon={player.playing ? 'pause' : 'play'}
            disabled={!player.ready}
            aria-label={player.playing ? words.pause : words.play}
            onClick={player.toggle}
          />
          <IconButton name="forward" size="lg" aria-label={words.next} tooltip={words.next} onClick={() => next(1)} />
          <span className={styles.clock}>{words.of(clock(offset), clock(total))}</span>
          <RadioButtonGroup
            size="sm"
            aria-label={words.speed}
            options={SPEEDS.map((value) => ({ value: value as number, label: `${value}×` }))}
            value={player.speed}
            onChange={player.setSpeed}
          />
          <InlineSwitch
            id="skip-idle"
            transparent
            showLabel
            label={words.skipIdle}
            value={player.skipIdle}
            onChange={(event) => player.setSkipIdle(event.currentTarget.checked)}
          />
          <span className={styles.end}>
            <ClipboardButton
              size="sm"
              variant="secondary"
              icon="link"
              getText={() => onMoment(Math.round(start + offset + LEAD_MS))}
            >
              {words.link}
            </ClipboardButton>
          </span>
        </div>
      </section>
      <ReplayMoments moments={known} startMs={start} current={current} onMoment={open} />
    </div>
  );
}

interface RecordedEvent {
  type: number;
  timestamp: number;
  data: { href?: string };
}
const META = 4;

/** The addresses that were shown, each from its offset on, as recorded. */
const addressesOf = (playback: Playback) =>
  (playback.events as RecordedEvent[])
    .filter((event) => event.type === META)
    .map(({ timestamp, data }) => ({ offset: timestamp - playback.start_ms, href: data.href ?? '' }));

const timesOf = (playback: Playback): number[] =>
  (playback.events as RecordedEvent[]).map((event) => event.timestamp - playback.start_ms);

const getStyles = (theme: GrafanaTheme2) => ({
  stage: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) 320px',
    gap: theme.spacing(3),
    [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  player: css({ minWidth: 0 }),
  device: css({
    borderRadius: 10,
    overflow: 'hidden',
    marginBottom: theme.spacing(1),
    border: `1px solid ${theme.colors.border.medium}`,
    boxShadow: theme.shadows.z2,
    background: theme.colors.background.secondary,
  }),
  phone: css({
    borderRadius: 28,
    border: `10px solid ${theme.colors.text.primary}`,
    margin: '0 auto 8px',
    maxWidth: '100%',
  }),
  address: css({
    padding: theme.spacing(0.75, 1.5),
    '& > code': {
      display: 'block',
      border: 'none',
      fontFamily: 'inherit',
      padding: theme.spacing(0.25, 1.5),
      minHeight: 22,
      borderRadius: 11,
      background: theme.colors.background.canvas,
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
  }),
  screen: css({
    position: 'relative',
    overflow: 'hidden',
    background: theme.colors.background.canvas,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    '& .replayer-wrapper': {
      position: 'absolute',
      left: '50%',
      top: 0,
      transformOrigin: '0 0',
      transform: 'scale(var(--scale)) translateX(-50%)',
    },
    '& iframe': { border: 'none', background: '#fff' },
  }),
  controls: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1.5) }),
  clock: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
  end: css({ marginLeft: 'auto' }),
});
