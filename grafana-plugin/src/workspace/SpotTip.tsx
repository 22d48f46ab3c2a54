// What is under the pointer, in words; and the card that a click pins there.

import { css } from '@emotion/css';
import React, { useEffect, useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, IconButton, useStyles2 } from '@grafana/ui';

import type { Metric } from '../contract/query';
import type { Spot } from '../heatmap/hit';
import { useWorkspace } from './context';
import { nameOf, type MapElement } from './elements';
import { ExploreLink, queriesOfElement } from './ExploreLink';
import { count, percent } from './format';
import { SignalChips } from './SignalChips';
import { text } from './text';

export type MapSpot = Spot<MapElement>;

export function amount(metric: Metric, value: number): string {
  return text[metric](count(value), Math.round(value));
}

const spotWords = (metric: Metric, spot: MapSpot): string =>
  spot.value > 0 ? text.map.spot(amount(metric, spot.value), percent(spot.share)) : text.map.spotNothing;

export function SpotTip({ spot, zoom, width }: { spot: MapSpot; zoom: number; width: number }) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const { element } = spot;
  const left = spot.x * zoom;
  return (
    <div
      aria-hidden
      data-testid="spot-tip"
      className={styles.tip}
      style={{ top: spot.y * zoom + 18, ...(left > width / 2 ? { right: width - left + 12 } : { left: left + 12 }) }}
    >
      <strong>{spotWords(state.metric, spot)}</strong>
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
  zoom: number;
  page: { width: number; height: number };
  close: () => void;
}

export function PinnedCard({ spot, zoom, page, close }: PinnedCardProps) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), [spot]);
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
        onKeyDown={(event) => event.key === 'Escape' && close()}
      >
        <div className={styles.head}>
          <strong className={styles.name}>{element ? nameOf(element.row) : text.map.pinned}</strong>
          <IconButton name="times" aria-label={text.close} onClick={close} />
        </div>
        <span>{spotWords(state.metric, spot)}</span>
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
