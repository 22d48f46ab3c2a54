// The top of a saved heatmap in small: its picture, and the heat of now drawn from the numbers.

import { css } from '@emotion/css';
import React, { useEffect, useMemo, useRef, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { HeatAnswer, ScrollAnswer } from '../contract/answers';
import { cellsOf } from '../heatmap/cells';
import { densityRange } from '../heatmap/density';
import { paintHeat } from '../heatmap/paint';
import { colourAt, cssColour } from '../heatmap/palette';
import { makeScale } from '../heatmap/scale';
import { useWorkspace } from '../workspace/context';
import { scopeOf, type WorkspaceState } from '../workspace/state';
import { text } from '../workspace/text';
import { resolveRange } from '../workspace/timeRange';
import { useAnswer } from '../workspace/useAnswer';
import { usePictureFilter } from '../workspace/usePictureFilter';

/** Canvas px of a card's picture; css stretches it. */
const WIDTH = 320;
const HEIGHT = 200;
const CELL = 16;
/** So small, a click must reach further to be seen: px of the card. */
const REACH = 7;
/** Opacity of a scroll map's bands. */
const SHADE = 0.45;
/** How strong the picture stays in a card, which is looked at for the page as much as for its heat. */
const PICTURE = 0.75;
/** The top of the page is shown if it has at least this share of what the best part has. */
const TOP_ENOUGH = 0.3;

interface CardMapProps {
  state: WorkspaceState;
  /** Said where there is no picture. */
  empty?: string;
}

export function CardMap({ state, empty }: CardMapProps) {
  const styles = useStyles2(getStyles);
  const { backend, resolveTime } = useWorkspace();
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const key = seen ? JSON.stringify(state) : null;
  const asked = useAnswer(key, async (signal) => {
    const range = resolveRange(state.from, state.to, Date.now(), resolveTime);
    const scope = { ...scopeOf(state), background: state.background };
    const [heat, scroll] = await Promise.all([
      backend.ask({ question: 'heat', ...scope, cell: CELL }, range, signal),
      state.map === 'scroll' ? backend.ask({ question: 'scroll', ...scope }, range, signal) : null,
    ]);
    return { heat, scroll };
  });
  const heat = asked.value?.heat;
  const scroll = asked.value?.scroll;
  const tiles = heat?.background?.tiles ?? [];
  const first = tiles[0] ? backend.fileUrl(tiles[0].url, 512) : '';
  const filter = usePictureFilter(first, state.look.picture || PICTURE);
  const ratio = heat && heat.canvas.width ? WIDTH / heat.canvas.width : 0;
  const from = useMemo(() => (heat && !scroll && ratio ? topOf(heat, HEIGHT / ratio) : 0), [heat, scroll, ratio]);
  return (
    <div ref={box} className={styles.box} data-testid="card-map" aria-busy={asked.loading}>
      {tiles
        .filter((tile) => (tile.top - from) * ratio < HEIGHT && tile.top + tile.height > from)
        .map((tile) => (
          <img
            key={tile.url}
            src={backend.fileUrl(tile.url, 512)}
            alt=""
            style={{
              top: `${(((tile.top - from) * ratio) / HEIGHT) * 100}%`,
              height: `${((tile.height * ratio) / HEIGHT) * 100}%`,
              filter,
            }}
          />
        ))}
      {scroll && ratio > 0 && <CardScroll scroll={scroll} state={state} ratio={ratio} />}
      {heat && !scroll && ratio > 0 && <CardHeat heat={heat} state={state} ratio={ratio} from={from} />}
      {asked.error && <span className={styles.none}>{text.library.mapFailed}</span>}
      {heat && !heat.background && (empty || heat.placed === 0) && (
        <span className={styles.none}>{empty ?? text.noPicture}</span>
      )}
    </div>
  );
}

interface CardHeatProps {
  heat: HeatAnswer;
  state: WorkspaceState;
  ratio: number;
  /** Page px at the top of the card. */
  from: number;
}

function CardHeat({ heat, state, ratio, from }: CardHeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cells = useMemo(() => cellsOf({ x: heat.x, y: heat.y, value: heat.value, cellPx: heat.cell_px }), [heat]);
  const { palette, scale: scaleName } = state.look;
  useEffect(() => {
    const surface = canvas.current?.getContext('2d');
    if (!surface) {
      return;
    }
    const radius = REACH / ratio;
    const scale = makeScale(scaleName, densityRange(cells, heat.canvas, radius));
    const tile = { left: 0, top: from, width: WIDTH / ratio, height: HEIGHT / ratio, scale: ratio };
    paintHeat(surface, cells, tile, scale, { palette, opacity: 0.85, radius });
  }, [cells, heat.canvas, ratio, from, palette, scaleName]);
  return <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-hidden />;
}

function CardScroll({ scroll, state, ratio }: { scroll: ScrollAnswer; state: WorkspaceState; ratio: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { palette } = state.look;
  useEffect(() => {
    const surface = canvas.current?.getContext('2d');
    if (!surface) {
      return;
    }
    surface.clearRect(0, 0, WIDTH, HEIGHT);
    scroll.rows.forEach((row, i) => {
      const top = row.depth_px * ratio;
      const bottom = (scroll.rows[i + 1]?.depth_px ?? scroll.page_height_px) * ratio;
      surface.fillStyle = cssColour(colourAt(palette, row.share ?? 0), SHADE);
      surface.fillRect(0, top, WIDTH, bottom - top);
    });
  }, [scroll, ratio, palette]);
  return <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-hidden />;
}

/** Page px from which a card of a height shows most: the top, unless the clicks are elsewhere. */
function topOf({ y, value, canvas }: HeatAnswer, height: number): number {
  const most = Math.max(0, canvas.height - height);
  const steps = Math.ceil(most / (height / 2));
  const sums = new Array<number>(steps + 1).fill(0);
  for (let i = 0; i < y.length; i++) {
    const half = Math.floor(y[i] / (height / 2));
    [half - 1, half].forEach((at) => at >= 0 && at <= steps && (sums[at] += value[i]));
  }
  const best = sums.indexOf(Math.max(...sums));
  return sums[0] >= sums[best] * TOP_ENOUGH ? 0 : Math.min(most, best * (height / 2));
}

/** What is scrolled past faster than this is not asked for. */
const DWELL_MS = 120;

const watched = new Map<Element, (near: boolean) => void>();
let observer: IntersectionObserver | null = null;

/** Be told whether a box is near the screen. One observer for all: hundreds would each look at every frame. */
function watch(box: Element, tell: (near: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => entries.forEach(({ target, isIntersecting }) => watched.get(target)?.(isIntersecting)),
    { rootMargin: '200px' }
  );
  watched.set(box, tell);
  observer.observe(box);
  return () => {
    watched.delete(box);
    observer?.unobserve(box);
  };
}

/** Whether a box has been near the screen for a moment; stays true. */
function useSeen(box: { readonly current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!box.current || seen) {
      return;
    }
    let timer: ReturnType<typeof setTimeout>;
    const leave = watch(box.current, (near) => {
      clearTimeout(timer);
      if (near) {
        timer = setTimeout(() => setSeen(true), DWELL_MS);
      }
    });
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [box, seen]);
  return seen;
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    position: 'relative',
    width: '100%',
    aspectRatio: `${WIDTH} / ${HEIGHT}`,
    overflow: 'hidden',
    background: theme.colors.background.secondary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& img': { position: 'absolute', left: 0, width: '100%' },
    '& canvas': { position: 'absolute', inset: 0, width: '100%', height: '100%' },
  }),
  none: css({
    position: 'absolute',
    inset: 0,
    display: 'grid',
    placeItems: 'center',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
