import { fittingScale } from './image';

describe('the size of a picture', () => {
  it('is the page’s own up to 20,000 px of height', () => {
    expect(fittingScale(1440, 20_000)).toBe(1);
    expect(fittingScale(1920, 20_200)).toBe(1);
  });

  it('is smaller where no browser would give the canvas', () => {
    expect(fittingScale(1440, 100_000)).toBeCloseTo(0.32, 2);
    const scale = fittingScale(3840, 30_000);
    expect(3840 * 30_000 * scale ** 2).toBeLessThanOrEqual(60e6 + 1);
  });
});
