// Marks on the picture: the fold, the element that is lit, and the numbered top elements.

import { css, cx } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { toScreenBox, type PageBox, type ScreenBox } from '../heatmap/geometry';
import { placeMarkers } from '../heatmap/markers';
import { nameOf, type MapElement } from './elements';
import { percent, px } from './format';
import { text } from './text';

interface FoldProps {
  foldPx: number | null;
  belowShare?: number | null;
  zoom: number;
  /** Where there is little room. */
  short?: boolean;
}

/** A letter of the label is at most about this wide, px; and its padding and line. */
const LETTER = 7;
const LABEL = { padding: 20, height: 24 };

const foldWords = ({ foldPx, belowShare, short }: Omit<FoldProps, 'zoom'>): string =>
  foldPx === null
    ? ''
    : (short ? text.scroll.at(px(foldPx)) : text.map.fold(px(foldPx))) +
      (belowShare != null ? ` · ${short ? `↓ ${percent(belowShare)}` : text.map.foldBelow(percent(belowShare))}` : '');

/** Where the fold's label is on a map of a width, screen px; it may be a little smaller. */
function foldLabelBox(fold: FoldProps, width: number): ScreenBox[] {
  if (fold.foldPx === null) {
    return [];
  }
  const room = foldWords(fold).length * LETTER + LABEL.padding;
  return [{ left: width - room, top: fold.foldPx * fold.zoom - LABEL.height, width: room, height: LABEL.height + 2 }];
}

export function FoldLine({ foldPx, belowShare, zoom, short }: FoldProps) {
  const styles = useStyles2(getStyles);
  if (foldPx === null) {
    return null;
  }
  return (
    <div className={styles.fold} style={{ top: foldPx * zoom }} data-testid="fold">
      <span className={styles.foldLabel} title={short ? text.map.fold(px(foldPx)) : undefined}>
        {foldWords({ foldPx, belowShare, short })}
      </span>
    </div>
  );
}

/** Outlines an element; with `dim` everything else steps back. */
export function Glow({ box, zoom, dim }: { box: PageBox; zoom: number; dim: boolean }) {
  const styles = useStyles2(getStyles);
  return <div data-testid="glow" className={cx(styles.glow, dim && styles.dim)} style={toScreenBox(box, zoom)} />;
}

const DIAMETER = 24;

interface MarkersProps {
  elements: readonly MapElement[];
  page: { width: number; height: number };
  zoom: number;
  lit: string | null;
  /** The fold that is drawn on the same map. */
  fold: Omit<FoldProps, 'zoom'>;
}

export function Markers({ elements, page, zoom, lit, fold }: MarkersProps) {
  const styles = useStyles2(getStyles);
  const { width, height } = page;
  const { foldPx, belowShare, short } = fold;
  const placed = useMemo(() => {
    const boxes = elements.flatMap(({ row, box }) =>
      box ? [{ row, rank: row.rank, box: toScreenBox(box, zoom) }] : []
    );
    const map = { width: width * zoom, height: height * zoom };
    const legible = foldLabelBox({ foldPx, belowShare, short, zoom }, map.width);
    return { boxes, markers: placeMarkers(boxes, map, DIAMETER, legible) };
  }, [elements, width, height, zoom, foldPx, belowShare, short]);
  return (
    <div className={styles.layer}>
      {placed.boxes.map(({ row, box }) => (
        <div key={row.element} className={cx(styles.box, row.element === lit && styles.litBox)} style={box} />
      ))}
      <svg className={styles.leaders} aria-hidden>
        {placed.markers
          .filter((marker) => marker.aside)
          .map((marker) => (
            <line key={marker.rank} x1={marker.anchorX} y1={marker.anchorY} x2={marker.x} y2={marker.y} />
          ))}
      </svg>
      {placed.markers.map((marker) => {
        const element = elements.find(({ row }) => row.rank === marker.rank);
        return (
          <span
            key={marker.rank}
            data-testid="marker"
            title={element && nameOf(element.row)}
            className={cx(styles.marker, element?.row.element === lit && styles.litMarker)}
            style={{ left: marker.x - DIAMETER / 2, top: marker.y - DIAMETER / 2 }}
          >
            {marker.rank}
          </span>
        );
      })}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  layer: css({ position: 'absolute', inset: 0, pointerEvents: 'none' }),
  fold: css({
    position: 'absolute',
    left: 0,
    right: 0,
    borderTop: '2px dashed #1f60c4',
    filter: 'drop-shadow(0 0 1px #ffffff)',
    pointerEvents: 'none',
  }),
  foldLabel: css({
    position: 'absolute',
    zIndex: 1, // what is coloured may cross it
    right: 0,
    bottom: 0,
    padding: theme.spacing(0.25, 1),
    background: '#1f60c4',
    color: '#ffffff',
    fontSize: theme.typography.bodySmall.fontSize,
    borderTopLeftRadius: 4,
    whiteSpace: 'nowrap',
  }),
  glow: css({
    position: 'absolute',
    pointerEvents: 'none',
    borderRadius: 3,
    boxShadow: '0 0 0 2px #ffffff, 0 0 0 4px #1f60c4',
  }),
  dim: css({ boxShadow: '0 0 0 2px #ffffff, 0 0 0 4px #1f60c4, 0 0 0 20000px rgba(0, 0, 0, 0.45)' }),
  box: css({ position: 'absolute', border: '2px solid #1f60c4', borderRadius: 2, boxShadow: '0 0 0 1px #ffffff' }),
  litBox: css({ background: 'rgba(31, 96, 196, 0.25)', borderWidth: 3 }),
  leaders: css({
    position: 'absolute',
    inset: 0,
    width: '100%',
    height: '100%',
    '& line': { stroke: '#1f60c4', strokeWidth: 2 },
  }),
  marker: css({
    position: 'absolute',
    width: DIAMETER,
    height: DIAMETER,
    display: 'grid',
    placeItems: 'center',
    borderRadius: '50%',
    background: '#1f60c4',
    color: '#ffffff',
    border: '2px solid #ffffff',
    fontSize: 12,
    fontWeight: 600,
  }),
  litMarker: css({ background: '#b3450c', transform: 'scale(1.2)' }),
});
