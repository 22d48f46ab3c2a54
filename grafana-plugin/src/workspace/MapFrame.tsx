// The window onto the page: fits and zooms it, scrolls it, and tells the layers which part is on the screen.

import { css } from '@emotion/css';
import React, { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { Backend } from '../contract/backend';
import type { BackgroundInfo } from '../contract/generated/answers';
import { screenX, screenY, scrollToShow, toPageX, toPageY, zoomFactor } from '../heatmap/geometry';
import { useWorkspace } from './context';
import type { MapWindow, PagePoint } from './mapWindow';
import { Minimap } from './Minimap';
import { PictureLayer } from './PictureLayer';
import { text } from './text';
import { useLinkedScroll } from './linkedScroll';
import { usePictureFilter } from './usePictureFilter';

interface MapFrameProps {
  page: { width: number; height: number };
  background: BackgroundInfo | null;
  /** What lies on the picture. */
  children: (window: MapWindow) => ReactNode;
  /** What stands at the right of the picture and scrolls with it, and its width. */
  beside?: { width: number; content: (window: MapWindow) => ReactNode };
  /** Painted into the minimap; null = no minimap. */
  minimap: null | ((canvas: HTMLCanvasElement, scale: number) => void);
  onPoint?: (point: PagePoint | null) => void;
  onPick?: (point: PagePoint) => void;
  /** The key Enter while the map has the focus: picks without a pointer. */
  onEnter?: (window: MapWindow) => void;
  onZoom?: (factor: number) => void;
  /** How strong the picture stays under what lies on it: 0..1, 0 = as its tone asks for; not given = as it is. */
  strength?: number;
}

export function MapFrame(props: MapFrameProps) {
  const { page, background, children, beside, minimap, onPoint, onPick, onEnter, onZoom, strength = 1 } = props;
  const styles = useStyles2(getStyles);
  const { state, onLocate, backend } = useWorkspace();
  const filter = usePictureFilter(topOf(background, backend), strength);
  const scroller = useRef<HTMLDivElement>(null);
  const moveOthers = useLinkedScroll(scroller);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [scrollTop, setScrollTop] = useState(0);
  const besideWidth = beside?.width ?? 0;
  const zoom = zoomFactor(state.zoom, page, { width: Math.max(0, room.width - besideWidth), height: room.height });
  const width = page.width * zoom;
  const height = page.height * zoom;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) {
      return;
    }
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Zooming keeps the middle of the screen where it is on the page, and the top at the top.
  const before = useRef(zoom);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && before.current !== zoom && element.scrollTop > 0) {
      const middle = (element.scrollTop + element.clientHeight / 2) / before.current;
      element.scrollTop = middle * zoom - element.clientHeight / 2;
    }
    before.current = zoom;
    onZoom?.(zoom);
  }, [zoom, onZoom]);

  useEffect(
    () =>
      onLocate((box) => {
        const element = scroller.current;
        element?.scrollTo({
          top: scrollToShow(box.top * zoom, box.height * zoom, element.clientHeight, height),
          left: scrollToShow(box.left * zoom, box.width * zoom, element.clientWidth, width),
        });
      }),
    [onLocate, zoom, width, height]
  );

  const sheet = useRef<HTMLDivElement>(null);
  const pointOf = useCallback(
    (event: React.PointerEvent | React.MouseEvent): PagePoint => {
      const corner = sheet.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
      return {
        x: toPageX(screenX(event.clientX - corner.left), zoom),
        y: toPageY(screenY(event.clientY - corner.top), zoom),
      };
    },
    [zoom]
  );

  const mapWindow = useMemo<MapWindow>(
    () => ({ zoom, scrollTop, width: room.width, height: room.height }),
    [zoom, scrollTop, room]
  );
  const scrollTo = useCallback((top: number) => scroller.current?.scrollTo({ top }), []);
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        className={styles.scroller}
        tabIndex={0}
        role="region"
        aria-label={text.map.label(state.page)}
        onKeyDown={(event) => {
          if (onEnter && event.key === 'Enter' && event.target === event.currentTarget) {
            event.preventDefault(); // or the button that gets the focus would be pressed
            onEnter(mapWindow);
          }
        }}
        onScroll={(event) => {
          moveOthers(event.currentTarget.scrollTop);
          setScrollTop(event.currentTarget.scrollTop);
        }}
      >
        {room.width > 0 && (
          <div
            className={styles.row}
            style={
              {
                width: width + besideWidth,
                height,
                '--on-paper': Math.min(1, PAPER / (width + besideWidth)),
              } as React.CSSProperties
            }
          >
            <div
              ref={sheet}
              data-testid="sheet"
              className={styles.sheet}
              style={{ width, height }}
              onPointerMove={(event) => event.pointerType !== 'touch' && onPoint?.(pointOf(event))}
              onPointerLeave={() => onPoint?.(null)}
              onClick={(event) => onPick?.(pointOf(event))}
            >
              <div className={styles.picture} style={{ '--picture-filter': filter } as React.CSSProperties}>
                <PictureLayer background={background} window={mapWindow} />
              </div>
              {children(mapWindow)}
            </div>
            {beside && (
              <div className={styles.beside} style={{ width: besideWidth, height }}>
                {beside.content(mapWindow)}
              </div>
            )}
          </div>
        )}
      </div>
      {minimap && room.height > 0 && height > room.height + 1 && (
        <Minimap page={page} window={mapWindow} background={background} paint={minimap} scrollTo={scrollTo} />
      )}
    </div>
  );
}

/** CSS px of a sheet of A4 between its margins. */
const PAPER = 690;

/** Device px of the picture that the tone is measured on. */
const TONE_WIDTH = 96;

/** The first strip of a picture, which is on the screen first, in small. */
const topOf = (background: BackgroundInfo | null, backend: Backend): string =>
  background?.tiles.length ? backend.fileUrl(background.tiles[0].url, TONE_WIDTH) : '';

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({
    position: 'relative',
    display: 'flex',
    flex: 1,
    minWidth: 0,
    minHeight: 0,
    background: theme.colors.background.canvas,
    '@media print': { '& > :not(:first-child)': { display: 'none' } },
  }),
  scroller: css({
    flex: 1,
    minWidth: 0,
    overflow: 'auto',
    // The bar's own width would change the fit, which would change whether there is a bar.
    scrollbarGutter: 'stable',
    scrollbarWidth: 'thin',
    isolation: 'isolate', // what changes elsewhere does not paint the map again
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  row: css({
    position: 'relative',
    display: 'flex',
    margin: '0 auto',
    '@media print': { zoom: 'var(--on-paper)' }, // as wide as it was on the screen, it would be cut off
  }),
  // One drawing as tall as the page, which sheets of paper cannot be cut from.
  beside: css({ '@media print': { display: 'none' } }),
  picture: css({ '& img': { filter: 'var(--picture-filter)' } }),
  sheet: css({ position: 'relative', flex: 'none', overflow: 'hidden', background: '#ffffff', cursor: 'crosshair' }),
});
