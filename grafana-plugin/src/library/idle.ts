// When nothing was recorded: the stretches of a session that a player may skip.

/** A stretch in ms since the start. */
export interface Stretch {
  from: number;
  to: number;
}

/** Shorter pauses are part of what people do. */
export const IDLE_MS = 10_000;

/** The pauses between moments; `times` in ms since the start, in order. */
export function idleStretches(times: readonly number[], total: number): Stretch[] {
  const ends = [0, ...times, total];
  return ends
    .slice(1)
    .map((to, at) => ({ from: ends[at], to }))
    .filter(({ from, to }) => to - from >= IDLE_MS);
}
