// Colours of the heat: a few schemes as short tables, interpolated in OKLab so that equal steps look equal.

import { formatHex, interpolate, modeOklab, modeRgb, useMode as register } from 'culori/fn';

/** Name, and colours from cold to hot as #rrggbb. */
interface Scheme {
  stops: readonly string[];
  colourBlindSafe: boolean;
}

// The cold end of each is vivid and not dark: the picture beneath is dimmed and grey, and the heat must differ from it by
// colour where it is weak and by lightness where it is strong.
export const PALETTES = {
  inferno: {
    stops: ['#5b2fd0', '#a51fb4', '#e0246e', '#fb5a24', '#ffa21a', '#ffe14a', '#fffbd0'],
    colourBlindSafe: true,
  },
  classic: {
    stops: ['#2a52ff', '#00a6ff', '#00d6b4', '#5fe03a', '#f5e61e', '#ff9a14', '#f5301c'],
    colourBlindSafe: false,
  },
  cividis: {
    stops: ['#1d4f9e', '#4668a0', '#7d8597', '#b3a37a', '#e3c44f', '#ffee6b'],
    colourBlindSafe: true,
  },
  viridis: {
    stops: ['#5a2fa6', '#3f63c9', '#1f93b8', '#1fb98f', '#6fd85a', '#d6e834', '#fdf9a0'],
    colourBlindSafe: true,
  },
} as const satisfies Record<string, Scheme>;

export type PaletteName = keyof typeof PALETTES;
export const PALETTE_NAMES = Object.keys(PALETTES) as PaletteName[];

export type Rgb = readonly [number, number, number];

const SAMPLES = 512;
const sampled = new Map<PaletteName, readonly Rgb[]>();

/** A scheme at equal steps; made once, as colour arithmetic is slow. */
function samplesOf(name: PaletteName): readonly Rgb[] {
  const known = sampled.get(name);
  if (known) {
    return known;
  }
  register(modeRgb);
  register(modeOklab);
  const at = interpolate([...PALETTES[name].stops], 'oklab');
  const made = Array.from({ length: SAMPLES }, (_, i): Rgb => {
    const value = parseInt(formatHex(at(i / (SAMPLES - 1))).slice(1), 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  });
  sampled.set(name, made);
  return made;
}

/** The colour of a scheme at t in 0..1. */
export function colourAt(name: PaletteName, t: number): Rgb {
  return samplesOf(name)[Math.round(Math.max(0, Math.min(1, t)) * (SAMPLES - 1))];
}

export const cssColour = ([red, green, blue]: Rgb, alpha = 1): string =>
  alpha === 1 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha})`;

const GRADIENT_STOPS = 16;

/** A css gradient from cold to hot, for legends. */
export function cssGradient(name: PaletteName, direction = 'to right'): string {
  const stops = Array.from({ length: GRADIENT_STOPS }, (_, i) => cssColour(colourAt(name, i / (GRADIENT_STOPS - 1))));
  return `linear-gradient(${direction}, ${stops.join(', ')})`;
}

export const STEPS = 2048;
/** Below this share of the scale the heat fades out, so that spots have soft edges. */
const FADE_UNTIL = 0.11;
/** Of the full opacity, what the weakest heat has: text stays readable through the tail. */
const TAIL = 0.64;

/** RGBA for each step, 4 bytes a step; step 0 is clear, and the hottest has the full opacity. */
export function lookupTable(name: PaletteName, opacity: number): Uint8ClampedArray {
  const table = new Uint8ClampedArray(STEPS * 4);
  for (let step = 1; step < STEPS; step++) {
    const t = step / (STEPS - 1);
    const fade = Math.min(1, t / FADE_UNTIL);
    const alpha = opacity * fade * fade * (3 - 2 * fade) * (TAIL + (1 - TAIL) * Math.sqrt(t));
    table.set([...colourAt(name, t), Math.round(255 * alpha)], step * 4);
  }
  return table;
}
