// Numbers for the legend, each where the scale has its colour.

import type { Scale } from './scale';

export interface Tick {
  value: number;
  /** Place on the ramp, 0..1. */
  at: number;
}

const MANTISSAS = [1, 5, 2];

/** Round numbers from 1 to `max`, which is the last, none nearer to another than `gap` of the ramp; rounder ones first. */
export function ticksOf(scale: Scale, max: number, gap: number): Tick[] {
  const top = Math.max(1, Math.round(max));
  const ticks: Tick[] = [{ value: top, at: 1 }];
  const decades = Array.from({ length: Math.floor(Math.log10(top)) + 1 }, (_, power) => 10 ** power);
  for (const mantissa of MANTISSAS) {
    for (const decade of decades) {
      const value = mantissa * decade;
      const at = scale(value);
      if (value < top && ticks.every((tick) => Math.abs(tick.at - at) >= gap)) {
        ticks.push({ value, at });
      }
    }
  }
  return ticks.sort((a, b) => a.value - b.value);
}
