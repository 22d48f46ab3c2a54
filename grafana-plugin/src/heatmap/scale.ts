// Density to 0..1: how strongly a number is coloured.

import type { DensityRange } from './density';

export const SCALES = ['linear', 'log', 'quantile'] as const;
export type ScaleName = (typeof SCALES)[number];

/** Maps a density to 0..1, rising; 0 stays 0. */
export interface Scale {
  (density: number): number;
  /** The density of the hottest colour; what is above has it too. */
  readonly max: number;
}

type Curve = (density: number) => number;

const QUANTILES = 64;

function linear({ max }: DensityRange): Curve {
  return (density) => (max > 0 ? Math.min(1, density / max) : 0);
}

/** How much weaker than the hottest spot something may be and still has a colour of its own. */
const DYNAMIC = 1000;
/** A bare logarithm gives single clicks so much colour that they crowd out what they surround. */
const TAIL_POWER = 1.18;

/** A single click is the unit until the hottest spot has more than a thousand. */
function log({ max }: DensityRange): Curve {
  const unit = Math.max(1, max / DYNAMIC);
  const full = Math.log1p(max / unit);
  return (density) => (max > 0 ? Math.min(1, Math.log1p(density / unit) / full) ** TAIL_POWER : 0);
}

/** Equal areas get equal steps of colour; between two steps it is linear. */
function quantile(range: DensityRange): Curve {
  const { max, sample } = range;
  if (sample.length < QUANTILES) {
    return linear(range);
  }
  const steps = Array.from(
    { length: QUANTILES + 1 },
    (_, i) => sample[Math.min(sample.length - 1, Math.floor((i * sample.length) / QUANTILES))]
  );
  steps[QUANTILES] = max;
  return (density) => {
    if (density <= steps[0]) {
      return density / steps[0] / (QUANTILES + 1);
    }
    let low = 0;
    let high = QUANTILES;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (steps[middle] <= density) {
        low = middle;
      } else {
        high = middle;
      }
    }
    const width = steps[high] - steps[low];
    const inside = width > 0 ? Math.min(1, (density - steps[low]) / width) : 1;
    return Math.min(1, (1 + low + inside) / (QUANTILES + 1));
  };
}

const MAKERS: Record<ScaleName, (range: DensityRange) => Curve> = { linear, log, quantile };

export function makeScale(name: ScaleName, range: DensityRange): Scale {
  return Object.assign(MAKERS[name](range), { max: range.max });
}
