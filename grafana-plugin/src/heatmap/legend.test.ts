import { ticksOf } from './legend';
import { makeScale } from './scale';

const range = (max: number) => ({ max, sample: new Float32Array(0) });

describe('ticks of the legend', () => {
  it.each([1, 7, 40, 424.5, 12_480, 3e6])('stand where the scale has them, up to %d', (max) => {
    const scale = makeScale('log', range(max));
    const ticks = ticksOf(scale, max, 0.18);
    expect(ticks[ticks.length - 1]).toEqual({ value: Math.round(max), at: 1 });
    ticks.slice(0, -1).forEach(({ value, at }, i) => {
      expect(at).toBe(scale(value));
      expect(ticks[i + 1].at - at).toBeGreaterThanOrEqual(0.18);
    });
  });

  it('are round numbers, a power of ten rather than another', () => {
    expect(ticksOf(makeScale('log', range(424)), 424, 0.18).map(({ value }) => value)).toEqual([1, 10, 100, 424]);
    expect(ticksOf(makeScale('linear', range(100)), 100, 0.18).map(({ value }) => value)).toEqual([1, 20, 50, 100]);
  });
});
