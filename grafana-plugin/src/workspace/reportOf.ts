// What is on the screen, put together for paper: loaded only when somebody asks for a report.

import type { Backend } from '../contract/backend';
import type { PageStats } from '../contract/answers';
import { nameOf, type MapElement } from './elements';
import { count, percent, px } from './format';
import { pictureOf, scopeLine, type MapInView } from './pictureOf';
import type { ReportContent, ReportTable } from './Report';
import type { WorkspaceState } from './state';
import { text } from './text';

/** Rows of the list that are printed. */
const ROWS = 20;
/** Depths of a scroll map that are printed. */
const DEPTHS = 12;

export interface ReportRequest {
  map: MapInView;
  elements: readonly MapElement[];
  stats: PageStats | undefined;
  state: WorkspaceState;
  backend: Backend;
  /** The time range, and now, in words. */
  when: string;
  now: string;
  link: string;
}

/** The report. Its map's address is an object URL that the caller revokes. Rejects as `pictureOf` does. */
export async function reportOf(asked: ReportRequest): Promise<ReportContent> {
  const { map, elements, stats, state, backend, when, now, link } = asked;
  const words = text.analysis.download;
  const image = await pictureOf(map, state, backend, when, true);
  const drawn = await createImageBitmap(image);
  const ratio = drawn.height / drawn.width;
  drawn.close();
  const scope = scopeLine(state);
  return {
    title: [backend.names.of(state.application), state.page, text.maps[state.map]].join(' · '),
    lines: [when, ...(scope ? [scope] : []), words.madeAt(now)],
    link,
    stats,
    map: { url: URL.createObjectURL(image), ratio },
    table: map.scroll ? depths(map.scroll.rows) : top(map.numbered ?? elements),
  };
}

function top(elements: readonly MapElement[]): ReportTable {
  const { list, signals } = text;
  return {
    columns: [list.rank, list.name, list.clicks, list.share, list.signals],
    rows: elements.slice(0, ROWS).map(({ row, where }) => [
      String(row.rank),
      where ? `${nameOf(row)} (${where})` : nameOf(row),
      count(row.clicks),
      percent(row.share),
      (['rage', 'dead', 'error'] as const)
        .filter((kind) => row[kind] > 0)
        .map((kind) => signals[kind](count(row[kind])))
        .join(', '),
    ]),
  };
}

function depths(rows: ReadonlyArray<{ depth_px: number; views: number; share: number | null }>): ReportTable {
  const { columns } = text.analysis.download;
  const every = Math.max(1, Math.floor(rows.length / DEPTHS));
  return {
    columns: [columns.depth, columns.share, columns.views],
    rows: rows
      .filter((_, i) => i % every === 0)
      .map(({ depth_px, share, views }) => [px(depth_px), percent(share), count(views)]),
  };
}
