// What each element is coloured by, when the map is not coloured by clicks: how hot, how sure, and in which words.

import type { EffectRow, FrictionRow } from '../contract/answers';
import { colourAt, cssColour, type PaletteName } from '../heatmap/palette';
import type { ElementMeasure } from '../contract/query';
import type { MapElement } from './elements';
import { duration, percent, roughly } from './format';
import type { PageBox } from '../heatmap/geometry';
import { text } from './text';

/** An element as the map colours it. */
export interface Tint {
  element: string;
  box: PageBox;
  colour: string;
  /** How much of the element the colour covers, 0..1: what is quick, or seldom wrong, stays to be seen. All of it if not said. */
  strength?: number;
  /** Drawn as a texture: what is known of it is too little to colour it. */
  uncertain: boolean;
  /** A mark at its edge: it works worse. */
  worse: boolean;
  label: string;
}

/** From this heat on the colour is as strong as it gets. */
export const FULL = 0.5;

export const isTime = (measure: string): boolean => measure.endsWith('_ms');

export const written = (measure: string, value: number | null): string =>
  isTime(measure) ? duration(value) : percent(value);

export function measureTints(
  rows: readonly FrictionRow[],
  elements: readonly MapElement[],
  measure: ElementMeasure,
  palette: PaletteName
): Tint[] {
  const told = new Map(rows.filter((row) => row.measure === measure).map((row) => [row.element, row]));
  return elements.flatMap(({ row: { element }, box }) => {
    const known = told.get(element);
    return known && box && element
      ? [
          {
            element,
            box,
            colour: cssColour(colourAt(palette, known.heat)),
            strength: Math.min(1, known.heat / FULL),
            uncertain: !known.certain,
            worse: false,
            label: written(measure, known.value),
          },
        ]
      : [];
  });
}

/** Gains and losses of clicks; both colours are told apart by people who see no red or no green. */
export const GAIN = '#d6604d';
export const LOSS = '#4393c3';

export function changeTints(rows: readonly EffectRow[], elements: readonly MapElement[]): Tint[] {
  return elements.flatMap(({ row: { element }, box }) => {
    const own = rows.filter((row) => row.element === element && row.action_name !== '');
    if (!box || !element || !own.length) {
      return [];
    }
    const clicks =
      own.find(({ measure, found }) => found && measure === 'reach') ??
      own.find(({ measure, found }) => found && measure === 'share');
    const worse = own.filter(({ found, verdict }) => found && verdict === 'worse');
    const told = [clicks, worse[0]].flatMap((row) => (row ? [shortChange(row)] : []));
    return [
      {
        element,
        box,
        colour: clicks ? ((clicks.after ?? 0) > (clicks.before ?? 0) ? GAIN : LOSS) : 'transparent',
        uncertain: !told.length,
        worse: worse.length > 0,
        label: told.join(' · '),
      },
    ];
  });
}

/** A found change as an interval in words. */
export function changeWords(row: EffectRow): string {
  const words = text.causes.effect;
  const { ratio, ratio_low: low, ratio_high: high } = row;
  if (!row.found) {
    return words.unclear;
  }
  if (!row.before) {
    return words.new;
  }
  if (row.after === 0) {
    return words.gone;
  }
  if (ratio !== null && ratio < 1) {
    return words.less(whole(1 - (high ?? 1)), whole(1 - (low ?? 0)));
  }
  if (high === null) {
    return words.atLeast(roughly(low ?? 1));
  }
  return (ratio ?? 1) < 2
    ? words.more(whole((low ?? 1) - 1), whole(high - 1))
    : words.times(roughly(ratio ?? 1), roughly(low ?? 1), roughly(high));
}

/** The same where there is little room: many times as much is a factor. */
const shortChange = (row: EffectRow): string =>
  row.found && row.before && row.ratio !== null && row.ratio >= 2
    ? text.causes.effect.factor(roughly(row.ratio))
    : changeWords(row);

const whole = (share: number): string => percent(Math.round(share * 100) / 100);
