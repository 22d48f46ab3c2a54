// Drawing a zone on the map: a rectangle from where the pointer goes down to where it is let go.

import { css } from '@emotion/css';
import React, { useRef } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { Area } from '../contract/query';
import { toScreenBox } from '../heatmap/geometry';
import { text } from './text';

export type Rectangle = Required<Area>;

interface ZonePenProps {
  page: { width: number; height: number };
  zoom: number;
  drawn: Rectangle | null;
  onDraw: (rectangle: Rectangle) => void;
}

export function ZonePen({ page, zoom, drawn, onDraw }: ZonePenProps) {
  const styles = useStyles2(getStyles);
  const start = useRef<{ x: number; y: number } | null>(null);
  const pointOf = (event: React.PointerEvent) => {
    const corner = event.currentTarget.getBoundingClientRect();
    const within = (value: number, most: number) => Math.round(Math.max(0, Math.min(most, value)));
    return {
      x: within((event.clientX - corner.left) / zoom, page.width),
      y: within((event.clientY - corner.top) / zoom, page.height),
    };
  };
  return (
    <div
      data-testid="zone-pen"
      className={styles.pen}
      title={text.zones.drawHelp}
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = pointOf(event);
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        const from = start.current;
        if (from) {
          const to = pointOf(event);
          onDraw({
            left: Math.min(from.x, to.x),
            top: Math.min(from.y, to.y),
            width: Math.max(1, Math.abs(to.x - from.x)),
            height: Math.max(1, Math.abs(to.y - from.y)),
          });
        }
      }}
      onPointerUp={() => (start.current = null)}
    >
      {drawn && drawn.width > 0 && <div className={styles.box} style={toScreenBox(drawn, zoom)} />}
    </div>
  );
}

/** Height of a zone's name, screen px. */
const LABEL = 22;

/** A zone that is kept, with its name, as long as it is chosen. */
export function ZoneMark({ name, box, zoom }: { name: string; box: Rectangle; zoom: number }) {
  const styles = useStyles2(getStyles);
  const above = box.top * zoom >= LABEL;
  return (
    <div className={styles.box} style={toScreenBox(box, zoom)} data-testid="zone-mark">
      <span className={styles.name} style={{ top: above ? -LABEL : 0 }}>
        {name}
      </span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  pen: css({ position: 'absolute', inset: 0, zIndex: 5, cursor: 'crosshair', touchAction: 'none' }),
  box: css({
    position: 'absolute',
    pointerEvents: 'none',
    border: '2px dashed #1f60c4',
    background: 'rgba(31, 96, 196, 0.12)',
    boxShadow: '0 0 0 1px #ffffff',
  }),
  name: css({
    position: 'absolute',
    left: -2,
    minWidth: 'min-content',
    maxWidth: 240,
    height: LABEL - 2,
    lineHeight: `${LABEL - 2}px`,
    padding: theme.spacing(0, 0.75),
    background: '#1f60c4',
    color: '#ffffff',
    fontSize: theme.typography.bodySmall.fontSize,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
});
