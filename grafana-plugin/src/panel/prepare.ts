// Frames of any data source to what the panel draws, or to a sentence that says what is missing.
import { dataFrameToJSON, FieldType, type DataFrame } from '@grafana/data';

import { readAnswer, type HeatAnswer, type ScrollAnswer } from '../contract/answers';
import { FrameError, requiredFields, type Frame } from '../contract/frames';
import { COLUMNS } from '../contract/generated/answers';
import { TITLES } from '../contract/query';
import { cellsOf, type Cells } from '../heatmap/cells';
import { mapElements, type MapElement } from '../workspace/elements';
import type { PanelMap } from './options';
import { text } from './text';

/** A strip of the picture that travels with the answer, for viewers who cannot load it by address. */
export interface InlineStrip {
  top: number;
  height: number;
  url: string;
}

interface Prepared {
  /** The frame that the map is made of, for its links and its data source. */
  frame: DataFrame;
  inline: InlineStrip[];
}

export interface ClickModel extends Prepared {
  map: 'clicks' | 'elements';
  heat: HeatAnswer;
  cells: Cells;
  elements: MapElement[];
  elementsFrame: DataFrame | null;
}

export interface ScrollModel extends Prepared {
  map: 'scroll';
  scroll: ScrollAnswer;
}

export interface Problem {
  map: 'problem';
  message: string;
}

export type PanelModel = ClickModel | ScrollModel | Problem;

const HEAT_FIELDS = Object.keys(COLUMNS.heat);
const ACTION_FIELDS = requiredFields(COLUMNS.actions);
const SCROLL_FIELDS = Object.keys(COLUMNS.scroll);
const PICTURE_FIELDS = Object.keys(COLUMNS.picture);

/** Of frames from elsewhere, whose cells have no size: that of a fine grid. */
const DEFAULT_CELL_PX = 8;

const has = (frame: DataFrame, names: string[]) =>
  names.every((name) => frame.fields.some((field) => field.name === name));

const problem = (message: string): Problem => ({ map: 'problem', message });

/** Frame JSON in the contract's form; values are not copied. */
const toJson = (frame: DataFrame): Frame => dataFrameToJSON(frame) as unknown as Frame;

function inlineStrips(series: DataFrame[]): InlineStrip[] {
  const frame = series.find((one) => has(one, PICTURE_FIELDS));
  const column = (name: string): unknown[] => frame?.fields.find((field) => field.name === name)?.values ?? [];
  const [tops, heights] = [column('top'), column('height')];
  return column('picture').map((url, row) => ({
    top: Number(tops[row]),
    height: Number(heights[row]),
    url: String(url),
  }));
}

/** Heat from elsewhere says nothing of the page's size and the clicks: the page ends with the last cell, and all is there. */
function withCanvas(frame: Frame): Frame {
  const custom = frame.schema.meta?.custom ?? {};
  const meta = (custom.isotherm ?? {}) as Record<string, unknown>;
  if (meta.canvas) {
    return frame;
  }
  const cell = typeof meta.cell_px === 'number' ? meta.cell_px : DEFAULT_CELL_PX;
  const column = (name: string) =>
    frame.data.values[frame.schema.fields.findIndex((field) => field.name === name)] as number[];
  const end = (name: string) => column(name).reduce((most, value) => Math.max(most, value), 0) + cell;
  const clicks = column('value').reduce((sum, value) => sum + value, 0);
  const isotherm = { clicks, ...meta, cell_px: cell, canvas: { width: end('x'), height: end('y') } };
  return { ...frame, schema: { ...frame.schema, meta: { ...frame.schema.meta, custom: { ...custom, isotherm } } } };
}

function notNumbers(frame: DataFrame, names: string[]): string[] {
  return names.filter((name) => frame.fields.find((field) => field.name === name)?.type !== FieldType.number);
}

function prepareClicks(series: DataFrame[], map: 'clicks' | 'elements'): PanelModel {
  const frame = series.find((one) => has(one, HEAT_FIELDS));
  if (!frame) {
    return problem(missing(series, TITLES.heat, HEAT_FIELDS));
  }
  const texts = notNumbers(frame, HEAT_FIELDS);
  if (texts.length) {
    return problem(text.numbers(texts.join(', ')));
  }
  const heat = readAnswer('heat', [withCanvas(toJson(frame))]);
  const cells = cellsOf({ x: heat.x, y: heat.y, value: heat.value, cellPx: heat.cell_px });
  const elementsFrame = series.find((one) => has(one, ACTION_FIELDS)) ?? null;
  const elements = elementsFrame ? mapElements(readAnswer('actions', [toJson(elementsFrame)]).rows) : [];
  if (map === 'elements' && !elementsFrame) {
    return problem(missing(series, TITLES.actions, ACTION_FIELDS));
  }
  return { map, frame, heat, cells, elements, elementsFrame, inline: inlineStrips(series) };
}

function prepareScroll(series: DataFrame[]): PanelModel {
  const frame = series.find((one) => has(one, SCROLL_FIELDS));
  if (!frame) {
    return problem(missing(series, TITLES.scroll, SCROLL_FIELDS));
  }
  return { map: 'scroll', frame, scroll: readAnswer('scroll', [toJson(frame)]), inline: inlineStrips(series) };
}

function missing(series: DataFrame[], question: string, fields: string[]): string {
  const got = series.map((frame) => frame.fields.map((field) => field.name).join(', ')).join('; ');
  const needed = text.missing(question, fields.join(', '));
  return got ? `${needed} ${text.got(got)}` : needed;
}

/** Where nobody has chosen a map, as in Explore: the one that the frames are for. */
function fitting(series: DataFrame[]): 'clicks' | 'scroll' {
  const hasHeat = series.some((frame) => has(frame, HEAT_FIELDS));
  return !hasHeat && series.some((frame) => has(frame, SCROLL_FIELDS)) ? 'scroll' : 'clicks';
}

export function prepare(series: DataFrame[], wanted: PanelMap): PanelModel {
  const map = wanted === 'auto' ? fitting(series) : wanted;
  try {
    return map === 'scroll' ? prepareScroll(series) : prepareClicks(series, map);
  } catch (error) {
    if (error instanceof FrameError) {
      return problem(error.message);
    }
    throw error;
  }
}
