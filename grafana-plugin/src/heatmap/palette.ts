// Colours of the heat: a few schemes as short tables, and lookup tables made of them.

/** Name, and colours from cold to hot as #rrggbb. */
interface Scheme {
  stops: readonly string[];
  colourBlindSafe: boolean;
}

export const PALETTES = {
  inferno: {
    stops: ['#5a1a8c', '#781c6d', '#a52c60', '#cf4446', '#ed6925', '#fb9b06', '#f7d13d', '#fcffa4'],
    colourBlindSafe: true,
  },
  classic: {
    stops: ['#2b3ff2', '#1f9bff', '#19d3c5', '#4be04b', '#d8ea2e', '#ffb01f', '#ff5a1f', '#e3121b'],
    colourBlindSafe: false,
  },
  cividis: {
    stops: [
      '#00224e',
      '#123570',
      '#3b496c',
      '#575d6d',
      '#707173',
      '#8a8678',
      '#a59c74',
      '#c3b369',
      '#e1cc55',
      '#fee838',
    ],
    colourBlindSafe: true,
  },
  viridis: {
    stops: [
      '#440154',
      '#482878',
      '#3e4989',
      '#31688e',
      '#26828e',
      '#1f9e89',
      '#35b779',
      '#6ece58',
      '#b5de2b',
      '#fde725',
    ],
    colourBlindSafe: true,
  },
} as const satisfies Record<string, Scheme>;

export type PaletteName = keyof typeof PALETTES;
export const PALETTE_NAMES = Object.keys(PALETTES) as PaletteName[];

export type Rgb = readonly [number, number, number];

function parse(colour: string): Rgb {
  const value = parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colour of a scheme at t in 0..1. */
export function colourAt(name: PaletteName, t: number): Rgb {
  const stops = PALETTES[name].stops;
  const place = Math.max(0, Math.min(1, t)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const from = parse(stops[low]);
  const to = parse(stops[low + 1]);
  const mix = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * (place - low));
  return [mix(0), mix(1), mix(2)];
}

export const cssColour = ([red, green, blue]: Rgb, alpha = 1): string =>
  alpha === 1 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha})`;

/** A css gradient from cold to hot, for legends. */
export function cssGradient(name: PaletteName, direction = 'to right'): string {
  return `linear-gradient(${direction}, ${PALETTES[name].stops.join(', ')})`;
}

export const STEPS = 2048;
/** Below this share of the maximum the heat fades out, so that spots have soft edges. */
const FADE_UNTIL = 0.25;

/** RGBA for each step, 4 bytes a step; step 0 is clear, from the fade on it has the full opacity. */
export function lookupTable(name: PaletteName, opacity: number): Uint8ClampedArray {
  const table = new Uint8ClampedArray(STEPS * 4);
  for (let step = 1; step < STEPS; step++) {
    const t = step / (STEPS - 1);
    const fade = Math.min(1, t / FADE_UNTIL);
    table.set([...colourAt(name, t), Math.round(255 * opacity * fade * (2 - fade))], step * 4);
  }
  return table;
}
