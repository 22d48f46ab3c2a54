// Density to 0..1: how strongly a number is coloured.

import type { DensityRange } from './density';

export const SCALES = ['linear', 'log', 'quantile'] as const;
export type ScaleName = (typeof SCALES)[number];

/** Maps a density to 0..1, rising; 0 stays 0. */
export type Scale = (density: number) => number;

const QUANTILES = 64;

function linear({ max }: DensityRange): Scale {
  return (density) => (max > 0 ? Math.min(1, density / max) : 0);
}

function log({ max }: DensityRange): Scale {
  const full = Math.log1p(max);
  return (density) => (max > 0 ? Math.min(1, Math.log1p(density) / full) : 0);
}

/** Equal areas get equal steps of colour; between two steps it is linear. */
function quantile(range: DensityRange): Scale {
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

const MAKERS: Record<ScaleName, (range: DensityRange) => Scale> = { linear, log, quantile };

export function makeScale(name: ScaleName, range: DensityRange): Scale {
  return MAKERS[name](range);
}
