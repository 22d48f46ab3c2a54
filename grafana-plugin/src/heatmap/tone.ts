// How light, busy and colourful a picture is, and how far it steps back so that the heat on it can be read.

import { converter, modeOklab, modeRgb, useMode as register } from 'culori/fn';

register(modeRgb);
register(modeOklab);
const toOklab = converter('oklab');

/** A picture in OKLab: mean lightness 0..1, its standard deviation, and mean chroma (0 = grey, 0.3 = vivid). */
export interface Tone {
  lightness: number;
  contrast: number;
  chroma: number;
}

/** Tone of a picture's RGBA pixels, 4 bytes each. Few are enough: a thumbnail's. */
export function toneOf(pixels: ArrayLike<number>): Tone {
  const count = Math.floor(pixels.length / 4);
  let lightness = 0;
  let squares = 0;
  let chroma = 0;
  for (let i = 0; i < count * 4; i += 4) {
    const { l, a, b } = toOklab({ mode: 'rgb', r: pixels[i] / 255, g: pixels[i + 1] / 255, b: pixels[i + 2] / 255 });
    lightness += l;
    squares += l * l;
    chroma += Math.hypot(a, b);
  }
  const mean = count ? lightness / count : 1;
  return {
    lightness: mean,
    contrast: count ? Math.sqrt(Math.max(0, squares / count - mean * mean)) : 0,
    chroma: count ? chroma / count : 0,
  };
}

const LEAST = 0.5;
const MOST = 0.95;

/** How strong the picture stays under the heat, 0..1: the lighter, busier and more colourful, the further back. */
export const strengthFor = ({ lightness, contrast, chroma }: Tone): number =>
  Math.max(LEAST, Math.min(MOST, 1 - 0.24 * lightness - 0.35 * contrast - 0.6 * chroma));

/** What is taken of a picture whose tone is not known: most pages are white. */
export const USUAL_STRENGTH = 0.7;

/** The css (and canvas) filter for a strength; "none" at 1. */
export function pictureFilter(strength: number): string {
  if (strength >= 1) {
    return 'none';
  }
  const saturation = Math.max(0, 1.3 * strength - 0.3);
  return `saturate(${saturation.toFixed(2)}) brightness(${(0.4 + 0.6 * strength).toFixed(2)})`;
}
