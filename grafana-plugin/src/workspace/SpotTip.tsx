// What is under the pointer, in words; and the card that a click pins there.

import { css } from '@emotion/css';
import React, { useEffect, useMemo, useRef, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, IconButton, useStyles2 } from '@grafana/ui';

import type { HeatAnswer } from '../contract/answers';
import type { Metric } from '../contract/query';
import type { Spot } from '../heatmap/hit';
import { useWorkspace } from './context';
import { nameOf, type MapElement } from './elements';
import { ExploreLink, queriesOfElement } from './ExploreLink';
import { count, percent } from './format';
import { useZone } from './questions';
import { SignalChips } from './SignalChips';
import { areaAround } from './spotArea';
import { text } from './text';

export type MapSpot = Spot<MapElement>;

export function amount(metric: Metric, value: number): string {
  return text[metric](count(value), Math.round(value));
}

/** A pointer that rests this long wants to know. */
const REST_MS = 200;

/**
 * What is counted at a spot. Clicks add up from its cells; users and sessions do not, since one who clicks twice is one:
 * those the server counts, once the pointer rests.
 */
function useSpotWords(spot: MapSpot, heat: HeatAnswer): string {
  const { state, readOnly } = useWorkspace();
  const rested = useRested(spot, REST_MS);
  const adds = state.metric === 'clicks';
  const radius = state.look.radius;
  const area = useMemo(() => (rested ? areaAround(rested, radius, heat.canvas) : null), [rested, radius, heat.canvas]);
  const people = spot.value > 0 && !adds && !readOnly;
  const zone = useZone(people ? area : null, heat.background?.id ?? 'auto');
  if (spot.value <= 0) {
    return text.map.spotNothing;
  }
  if (adds) {
    return text.map.spot(amount('clicks', spot.value), percent(spot.share));
  }
  const metric = state.metric === 'users' ? 'users' : 'sessions';
  const all = heat[metric];
  if (readOnly) {
    return text.map.spotMost(amount(metric, Math.min(spot.value, all || spot.value)));
  }
  if (rested !== spot || zone.loading || !zone.value) {
    return text.map.counting;
  }
  return text.map.spot(amount(metric, zone.value[metric]), percent(all > 0 ? zone.value[metric] / all : null));
}

function useRested<T>(value: T, ms: number): T | null {
  const [rested, setRested] = useState<T | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested === value ? rested : null;
}

interface SpotTipProps {
  spot: MapSpot;
  heat: HeatAnswer;
  zoom: number;
  width: number;
}

export function SpotTip({ spot, heat, zoom, width }: SpotTipProps) {
  const styles = useStyles2(getStyles);
  const words = useSpotWords(spot, heat);
  const { element } = spot;
  const left = spot.x * zoom;
  return (
    <div
      aria-hidden
      data-testid="spot-tip"
      className={styles.tip}
      style={{ top: spot.y * zoom + 18, ...(left > width / 2 ? { right: width - left + 12 } : { left: left + 12 }) }}
    >
      <strong>{words}</strong>
      {element && (
        <span className={styles.second}>
          {text.map.inElement(nameOf(element.row))}: {amount('clicks', element.row.clicks)} ·{' '}
          {percent(element.row.share)}
        </span>
      )}
    </div>
  );
}

const CARD = 260;

interface PinnedCardProps {
  spot: MapSpot;
  heat: HeatAnswer;
  zoom: number;
  page: { width: number; height: number };
  close: () => void;
  /** Page px to the right and down. */
  move: (from: MapSpot, right: number, down: number) => void;
}

/** Page px that an arrow key moves the pin, and with Shift. */
const STEP = 10;
const STRIDE = 100;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function PinnedCard({ spot, heat, zoom, page, close, move }: PinnedCardProps) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const words = useSpotWords(spot, heat);
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus({ preventScroll: true }), [spot]);
  const leave = () => {
    card.current?.closest<HTMLElement>('[role=region]')?.focus({ preventScroll: true });
    close();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const [right, down] = ARROWS[event.key] ?? [0, 0];
    if (event.key === 'Escape') {
      event.stopPropagation();
      leave();
    } else if (right || down) {
      event.preventDefault(); // the map would scroll
      const step = event.shiftKey ? STRIDE : STEP;
      move(spot, right * step, down * step);
    }
  };
  const { element } = spot;
  const x = spot.x * zoom;
  const y = spot.y * zoom;
  const width = page.width * zoom;
  const below = y < page.height * zoom - 220;
  const left = Math.max(8, Math.min(width - CARD - 8, x - CARD / 2));
  return (
    <>
      <span className={styles.pin} style={{ left: x, top: y }} />
      <div
        ref={card}
        role="dialog"
        aria-label={text.map.pinned}
        data-testid="pinned"
        tabIndex={-1}
        className={styles.card}
        style={{ left, width: CARD, ...(below ? { top: y + 14 } : { bottom: page.height * zoom - y + 14 }) }}
        onClick={(event) => event.stopPropagation()}
        onPointerMove={(event) => event.stopPropagation()}
        onKeyDown={onKeyDown}
      >
        <div className={styles.head}>
          <strong className={styles.name} aria-live="polite">
            {element ? nameOf(element.row) : text.map.pinned}
          </strong>
          <IconButton name="times" aria-label={text.close} onClick={leave} />
        </div>
        <span aria-live="polite">{words}</span>
        {element && (
          <>
            <span className={styles.whole}>
              {text.map.inThis(amount('clicks', element.row.clicks), percent(element.row.share))}
            </span>
            <SignalChips row={element.row} />
            <div className={styles.buttons}>
              <Button size="sm" onClick={() => update({ action: element.row.element })}>
                {text.map.analyse}
              </Button>
              <ClipboardButton size="sm" variant="secondary" icon="copy" getText={() => nameOf(element.row)}>
                {text.map.copyName}
              </ClipboardButton>
              <ExploreLink queries={queriesOfElement(state, element.row.element)} name={nameOf(element.row)} />
            </div>
          </>
        )}
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tip: css({
    position: 'absolute',
    zIndex: 3,
    display: 'flex',
    flexDirection: 'column',
    maxWidth: 280,
    pointerEvents: 'none',
    padding: theme.spacing(0.75, 1),
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z2,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
  second: css({ color: theme.colors.text.secondary }),
  pin: css({
    position: 'absolute',
    zIndex: 3,
    width: 12,
    height: 12,
    margin: '-6px 0 0 -6px',
    borderRadius: '50%',
    border: '2px solid #ffffff',
    background: '#1f60c4',
    boxShadow: theme.shadows.z2,
    pointerEvents: 'none',
  }),
  card: css({
    position: 'absolute',
    zIndex: 4,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.75),
    padding: theme.spacing(1.25),
    cursor: 'auto',
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
  head: css({ display: 'flex', justifyContent: 'space-between', alignItems: 'flex-start', gap: theme.spacing(1) }),
  name: css({ overflowWrap: 'anywhere' }),
  whole: css({ color: theme.colors.text.secondary }),
  buttons: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginTop: theme.spacing(0.5) }),
});
