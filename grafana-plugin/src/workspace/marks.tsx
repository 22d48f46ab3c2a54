// Marks on the picture: the fold, the element that is lit, and the numbered top elements.

import { css, cx } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { toScreenBox, type PageBox } from '../heatmap/geometry';
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

export function FoldLine({ foldPx, belowShare, zoom, short }: FoldProps) {
  const styles = useStyles2(getStyles);
  if (foldPx === null) {
    return null;
  }
  return (
    <div className={styles.fold} style={{ top: foldPx * zoom }} data-testid="fold">
      <span className={styles.foldLabel} title={short ? text.map.fold(px(foldPx)) : undefined}>
        {short ? text.scroll.at(px(foldPx)) : text.map.fold(px(foldPx))}
        {belowShare != null && ` · ${short ? `↓ ${percent(belowShare)}` : text.map.foldBelow(percent(belowShare))}`}
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
}

export function Markers({ elements, page, zoom, lit }: MarkersProps) {
  const styles = useStyles2(getStyles);
  const { width, height } = page;
  const placed = useMemo(() => {
    const boxes = elements.flatMap(({ row, box }) =>
      box ? [{ row, rank: row.rank, box: toScreenBox(box, zoom) }] : []
    );
    return { boxes, markers: placeMarkers(boxes, { width: width * zoom, height: height * zoom }, DIAMETER) };
  }, [elements, width, height, zoom]);
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
