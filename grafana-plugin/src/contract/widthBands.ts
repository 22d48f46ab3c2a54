// The window widths that people choose from: wide, medium, narrow, or any two ends.

import { BANDS } from './generated/queries';
import type { WidthBand } from './query';

/** The width bands of the switch; both ends are included, so neighbours do not share a pixel. */
export const WIDTH_BANDS = {
  all: {},
  wide: BANDS.wide,
  medium: BANDS.medium,
  narrow: BANDS.narrow,
} as const satisfies Record<string, WidthBand>;

/** The bands as people read them, in every language. */
export const BAND_LABELS = {
  wide: `> ${BANDS.wide.min - 1}`,
  medium: `${BANDS.medium.min}–${BANDS.medium.max}`,
  narrow: `< ${BANDS.narrow.max + 1}`,
};

export type BandName = keyof typeof WIDTH_BANDS | 'custom';

export type Device = 'phone' | 'tablet' | 'desktop';

/** The device that a window of this width is of. */
export function deviceOf(width: number): Device {
  return width <= WIDTH_BANDS.narrow.max ? 'phone' : width <= WIDTH_BANDS.medium.max ? 'tablet' : 'desktop';
}

export function bandName(width: WidthBand): BandName {
  for (const [name, band] of Object.entries(WIDTH_BANDS) as Array<[keyof typeof WIDTH_BANDS, WidthBand]>) {
    if (band.min === width.min && band.max === width.max) {
      return name;
    }
  }
  return 'custom';
}
