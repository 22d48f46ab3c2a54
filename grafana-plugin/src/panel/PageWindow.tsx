// The page inside the panel: drawn at a size, scrolled there, with the picture below whatever lies on it.
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useRef, useState, type ReactNode } from 'react';

import { screenX, screenY, toPageX, toPageY, zoomFactor, type PageX, type PageY, type Zoom } from '../heatmap/geometry';
import type { MapWindow } from '../workspace/mapWindow';
import { usePictureFilter } from '../workspace/usePictureFilter';
import { text } from './text';

export interface Strip {
  top: number;
  height: number;
  url: string;
}

export interface PagePlace {
  x: PageX;
  y: PageY;
}

interface PageWindowProps {
  page: { width: number; height: number };
  room: { width: number; height: number };
  zoom: Zoom;
  strips: Strip[];
  label: string;
  /** How strong the picture stays: 0..1, 0 = as its tone asks for; not given = as it is. */
  strength?: number;
  children: (window: MapWindow) => ReactNode;
  onPoint?: (place: PagePlace | null) => void;
  onPick?: (place: PagePlace) => void;
}

/** What a vertical scroll bar takes away, so that fitting the width does not bring a horizontal one. */
const SCROLL_BAR = 10;

export function PageWindow(props: PageWindowProps) {
  const { page, room, zoom: wanted, strips, label, children, onPoint, onPick, strength = 1 } = props;
  const filter = usePictureFilter(strips[0]?.url ?? '', strength);
  const styles = useStyles2(getStyles);
  const sheet = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const zoom = zoomFactor(wanted, page, { width: room.width - SCROLL_BAR, height: room.height });
  const width = page.width * zoom;
  const height = page.height * zoom;
  const placeOf = (event: React.MouseEvent): PagePlace => {
    const corner = sheet.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return {
      x: toPageX(screenX(event.clientX - corner.left), zoom),
      y: toPageY(screenY(event.clientY - corner.top), zoom),
    };
  };
  return (
    <div
      className={styles.scroller}
      style={room}
      tabIndex={0}
      role="region"
      aria-label={label}
      data-testid="isotherm-map"
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <div
        ref={sheet}
        className={styles.sheet}
        data-testid="isotherm-sheet"
        style={{ width, height }}
        onPointerMove={(event) => event.pointerType !== 'touch' && onPoint?.(placeOf(event))}
        onPointerLeave={() => onPoint?.(null)}
        onClick={(event) => onPick?.(placeOf(event))}
      >
        <Picture strips={strips} zoom={zoom} width={width} filter={filter} />
        {children({ zoom, scrollTop, width: room.width, height: room.height })}
      </div>
    </div>
  );
}

interface PictureProps {
  strips: Strip[];
  zoom: number;
  width: number;
  /** Css. */
  filter: string;
}

function Picture({ strips, zoom, width, filter }: PictureProps) {
  const styles = useStyles2(getStyles);
  const [failed, setFailed] = useState('');
  const first = strips[0]?.url ?? '';
  return (
    <div className={strips.length ? styles.picture : styles.blank}>
      {strips.map((strip) => (
        <img
          key={strip.top}
          src={strip.url}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          style={{ top: strip.top * zoom, height: strip.height * zoom, width, filter }}
          onError={() => setFailed(first)}
        />
      ))}
      {first !== '' && failed === first && (
        <p className={styles.failed} role="alert">
          {text.pictureFailed}
        </p>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroller: css({
    overflow: 'auto',
    scrollbarWidth: 'thin',
    background: theme.colors.background.canvas,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  sheet: css({
    position: 'relative',
    overflow: 'hidden',
    margin: '0 auto',
    background: '#ffffff',
    cursor: 'crosshair',
  }),
  picture: css({
    position: 'absolute',
    inset: 0,
    '& img': { position: 'absolute', left: 0, maxWidth: 'none', userSelect: 'none' },
  }),
  blank: css({
    position: 'absolute',
    inset: 0,
    backgroundColor: theme.colors.background.secondary,
    backgroundImage: `linear-gradient(${theme.colors.border.weak} 1px, transparent 1px)`,
    backgroundSize: '100% 40px',
  }),
  failed: css({
    position: 'absolute',
    top: theme.spacing(1),
    left: theme.spacing(1),
    padding: theme.spacing(0.5, 1),
    color: theme.colors.text.primary,
    background: theme.colors.background.primary,
  }),
});
