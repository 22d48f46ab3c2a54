// What is on the screen, put together for a picture: loaded only when somebody asks for one.

import type { HeatAnswer, ScrollAnswer } from '../contract/answers';
import type { Backend } from '../contract/backend';
import { bandName } from '../contract/widthBands';
import { cellsOf } from '../heatmap/cells';
import { densityRange } from '../heatmap/density';
import { mapImage, type MapImage, type Strip } from '../heatmap/image';
import { ticksOf } from '../heatmap/legend';
import { makeScale } from '../heatmap/scale';
import { scrollBands, WASH, WASHED_PICTURE } from '../heatmap/scrollmap';
import type { MapElement } from './elements';
import { filterWords } from './filterWords';
import { count, percent, px } from './format';
import type { WorkspaceState } from './state';
import { text } from './text';
import { strengthOf } from './usePictureFilter';

/** One of `heat` and `scroll`; `numbered` = the elements that stand on a click map in place of the heat. */
export interface MapInView {
  heat: HeatAnswer | null;
  scroll: ScrollAnswer | null;
  numbered: readonly MapElement[] | null;
}

const BLANK_WIDTH = 1280;

/** What narrows the scope, as a line of words; "" = nothing does. */
export function scopeLine({ filters, width, signal, metric }: WorkspaceState): string {
  const band = bandName(width);
  const words = [
    ...filters.map(filterWords),
    ...(band === 'all'
      ? []
      : [
          `${text.width.label}: ${band === 'custom' ? text.width.customOf(String(width.min ?? ''), String(width.max ?? '')) : text.width[band]}`,
        ]),
    ...(signal === 'all' ? [] : [text.signal.names[signal]]),
    ...(metric === 'clicks' ? [] : [text.metric.names[metric]]),
  ];
  return words.join(' · ');
}

function stripsOf(background: HeatAnswer['background'], backend: Backend): Strip[] {
  if (!background) {
    return [];
  }
  return background.tiles.length
    ? background.tiles.map((tile) => ({ ...tile, url: backend.fileUrl(tile.url) }))
    : [{ top: 0, height: background.height, url: backend.pictureUrl(background.id) }];
}

/**
 * The map in view as a picture; `bare` without the lines above it, and in the smaller format of a report. Rejects when a
 * part of the page's picture cannot be loaded.
 */
export async function pictureOf(
  { heat, scroll, numbered }: MapInView,
  state: WorkspaceState,
  backend: Backend,
  when: string,
  bare = false
): Promise<Blob> {
  const { look } = state;
  const title = `${backend.names.of(state.application)} · ${state.page} · ${text.maps[state.map]}`;
  const scope = scopeLine(state);
  const common = {
    style: look,
    lines: bare ? [] : [title, when, ...(scope ? [scope] : [])],
    small: bare,
    scaled: (share: number) => text.analysis.download.scaled(percent(share)),
  };
  if (scroll) {
    const { background, rows, fold_px } = scroll;
    const page = {
      width: background?.width ?? BLANK_WIDTH,
      height: background?.height ?? Math.max(1, scroll.page_height_px),
    };
    return mapImage({
      ...common,
      page,
      strips: stripsOf(background, backend),
      strength: look.picture || WASHED_PICTURE,
      bands: scrollBands(rows, page.height, look.palette, look.opacity * WASH),
      fold: fold_px === null ? undefined : { px: fold_px, words: text.map.fold(px(fold_px)) },
      legend: { from: percent(0), to: `${percent(1)} – ${text.analysis.download.scroll}`, palette: look.palette },
    });
  }
  if (!heat) {
    throw new Error('nothing to draw');
  }
  const strips = stripsOf(heat.background, backend);
  const strength = numbered || !strips.length ? 1 : look.picture || (await strengthOf(strips[0].url));
  return mapImage({ ...common, ...heatOf(heat, numbered, state), strips, strength });
}

function heatOf(
  heat: HeatAnswer,
  numbered: MapInView['numbered'],
  { look, metric }: WorkspaceState
): Pick<MapImage, 'page' | 'heat' | 'marked' | 'fold' | 'legend'> {
  const below = heat.points_below_fold_share;
  const fold =
    heat.fold_px === null
      ? undefined
      : {
          px: heat.fold_px,
          words: text.map.fold(px(heat.fold_px)) + (below === null ? '' : ` · ${text.map.foldBelow(percent(below))}`),
        };
  if (numbered) {
    const marked = numbered.flatMap(({ row, box }) => (box ? [{ rank: row.rank, ...box }] : []));
    return { page: heat.canvas, marked, fold };
  }
  const cells = { x: heat.x, y: heat.y, value: heat.value, cellPx: heat.cell_px };
  const range = densityRange(cellsOf(cells), heat.canvas, look.radius);
  const scale = makeScale(look.scale, range);
  const unit = text.metric.units[metric];
  if (metric !== 'clicks') {
    const legend = { from: '', to: text.legend.more(unit), palette: look.palette };
    return { page: heat.canvas, heat: { ...cells, scale }, fold, legend };
  }
  const ticks = ticksOf(scale, range.max, 0.18).map(({ value, at }) => ({ at, words: count(value) }));
  const most = count(Math.max(1, Math.round(range.max)));
  return {
    page: heat.canvas,
    heat: { ...cells, scale },
    fold,
    legend: { from: '', to: text.legend.to(most, unit), palette: look.palette, ticks },
  };
}
