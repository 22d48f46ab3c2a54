// Whether a rate changed, and by how much: counts of rare things before and after, told apart from chance.

export interface Rate {
  hits: number;
  /** What the hits are counted of: views, or clicks. */
  of: number;
}

export interface Change {
  before: number;
  after: number;
  /** after ÷ before; null when there was nothing before. */
  factor: number | null;
  /** More than chance makes 19 times of 20. */
  clear: boolean;
}

/** 95 % of the normal distribution lie within so many standard deviations. */
const SURE = 1.96;

/** Compare two rates as counts of independent events (Poisson); null when nothing was counted on one side. */
export function changeOf(before: Rate, after: Rate): Change | null {
  if (before.of <= 0 || after.of <= 0) {
    return null;
  }
  const low = before.hits / before.of;
  const high = after.hits / after.of;
  const spread = Math.sqrt(before.hits / before.of ** 2 + after.hits / after.of ** 2);
  return {
    before: low,
    after: high,
    factor: low > 0 ? high / low : null,
    clear: spread > 0 && Math.abs(high - low) > SURE * spread,
  };
}
