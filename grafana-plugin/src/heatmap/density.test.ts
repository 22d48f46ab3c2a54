import { cellsOf, type Cells } from './cells';
import { densityRange, densityWindow } from './density';

const PAGE = { width: 400, height: 300 };

function clicks(...at: Array<[x: number, y: number, value?: number]>): Cells {
  return cellsOf({ x: at.map((c) => c[0]), y: at.map((c) => c[1]), value: at.map((c) => c[2] ?? 1), cellPx: 0 });
}

function valueAt(cells: Cells, x: number, y: number, scale: number, radius = 24): number {
  const density = densityWindow(cells, { left: 0, top: 0, ...PAGE, scale, radius });
  return density.data[Math.floor(y * scale) * density.width + Math.floor(x * scale)] ?? 0;
}

describe('density', () => {
  it.each([0.5, 1, 2])('is the number of clicks in the middle of a lone spot, at zoom %p', (zoom) => {
    expect(valueAt(clicks([200.5, 150.5, 7]), 200.5, 150.5, zoom)).toBeCloseTo(7, 0);
  });

  it('adds up where spots overlap', () => {
    const one = valueAt(clicks([200.5, 150.5]), 210.5, 150.5, 1);
    const two = valueAt(clicks([200.5, 150.5], [220.5, 150.5]), 210.5, 150.5, 1);
    expect(two).toBeCloseTo(2 * one, 1);
  });

  it('reaches no further than the radius', () => {
    expect(valueAt(clicks([200, 150]), 200 + 28, 150, 1)).toBeLessThan(1e-3);
  });

  it('is round, and as wide whatever the size of its pixels', () => {
    const across = Math.SQRT1_2 * 14;
    for (const zoom of [1, 1 / 2, 1 / 3]) {
      const side = valueAt(clicks([201.5, 151.5]), 201.5 + 14, 151.5, zoom);
      const corner = valueAt(clicks([201.5, 151.5]), 201.5 + across, 151.5 + across, zoom);
      expect(side).toBeGreaterThan(0.2);
      expect(side).toBeLessThan(0.35);
      expect(Math.abs(side - corner)).toBeLessThan(0.06);
    }
  });

  it('is the same in a tile as on the whole page, also at the cut', () => {
    const cells = clicks([50, 98], [60, 101], [52, 140, 3]);
    const whole = densityWindow(cells, { left: 0, top: 0, ...PAGE, scale: 1, radius: 24 });
    const tile = densityWindow(cells, { left: 0, top: 100, width: 400, height: 100, scale: 1, radius: 24 });
    const cut = whole.data.slice(100 * 400, 200 * 400);
    const worst = tile.data.reduce((most, value, i) => Math.max(most, Math.abs(value - cut[i])), 0);
    expect(worst).toBeLessThan(1e-3);
  });

  it('tells clicks that are spread evenly from those with a hot spot, and from a single one', () => {
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const anywhere = Array.from({ length: 3000 }, (): [number, number] => [random() * 400, random() * 300]);
    const spot = Array.from({ length: 400 }, (): [number, number] => [190 + random() * 20, 140 + random() * 20]);
    expect(densityRange(clicks(...anywhere), PAGE, 24).even).toBe(true);
    expect(densityRange(clicks(...anywhere, ...spot), PAGE, 24).even).toBe(false);
    expect(densityRange(clicks(...spot), PAGE, 24).even).toBe(false);
    expect(densityRange(clicks(), PAGE, 24).even).toBe(false);
  });

  it('says that nothing reaches an empty tile', () => {
    expect(
      densityWindow(clicks([50, 20]), { left: 0, top: 200, width: 400, height: 100, scale: 1, radius: 24 }).any
    ).toBe(false);
  });

  it('knows the largest value of the page, whatever is on the screen', () => {
    const cells = clicks([50, 20, 5], [200, 150], [201, 150], [202, 150]);
    const { max, hottest } = densityRange(cells, PAGE, 24);
    expect(max).toBeCloseTo(5, 0);
    expect(Math.hypot(hottest.x - 50, hottest.y - 20)).toBeLessThan(6);
  });

  it('finds the hottest spot where clicks lie close together, not where a cell has most', () => {
    const cells = clicks([50, 20, 2], [200, 150], [201, 150], [202, 150]);
    const { max, hottest } = densityRange(cells, PAGE, 24);
    expect(max).toBeGreaterThan(2);
    expect(Math.hypot(hottest.x - 201, hottest.y - 150)).toBeLessThan(6);
  });
});
