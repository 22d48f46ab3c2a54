import { colourAt, cssColour } from './palette';
import { curvePath, depthOfShare, readDepth, scrollBands, scrollGradient } from './scrollmap';

const CURVE = [
  { depth_px: 0, views: 10, share: 1, users: 4 },
  { depth_px: 100, views: 10, share: 1, users: 4 },
  { depth_px: 200, views: 6, share: 0.6, users: 3 },
  { depth_px: 300, views: 2, share: 0.2, users: 1 },
];

describe('scroll map', () => {
  it('reads the curve at any depth', () => {
    expect(readDepth(CURVE, 50)).toEqual({ views: 10, share: 1, users: 4 });
    expect(readDepth(CURVE, 150)).toEqual({ views: 8, share: 0.8, users: 4 });
    expect(readDepth(CURVE, 999)).toEqual({ views: 2, share: 0.2, users: 1 });
    expect(readDepth([], 10)).toEqual({ views: 0, share: 0, users: 0 });
  });

  it('finds how deep a share of the views got', () => {
    expect(depthOfShare(CURVE, 1)).toBe(100);
    expect(depthOfShare(CURVE, 0.5)).toBeCloseTo(225);
    expect(depthOfShare(CURVE, 0.1)).toBe(300);
    expect(depthOfShare([], 0.5)).toBeNull();
  });

  it('covers the page with bands, without gaps', () => {
    const bands = scrollBands(CURVE, 400, 'inferno', 0.5);
    expect(bands.map(({ top, height, share }) => [top, height, share])).toEqual([
      [0, 200, 1],
      [200, 100, 0.6],
      [300, 100, 0.2],
    ]);
  });

  it('draws the curve on the axis of the page', () => {
    expect(curvePath(CURVE, { width: 100, height: 40 }, 400)).toBe(
      'M0,0 L100.0,0 L100.0,0.0 L100.0,10.0 L60.0,20.0 L20.0,30.0 L0,30.0 Z'
    );
  });

  it('washes the page with the colour of the share at each height', () => {
    const gradient = scrollGradient(CURVE, 400, 'inferno', 0.5);
    ['0.00%', '25.00%', '50.00%', '75.00%'].forEach((place) => expect(gradient).toContain(place));
    expect(gradient).toContain(`${cssColour(colourAt('inferno', 0.6), 0.5)} 50.00%`);
    expect(scrollGradient([], 400, 'inferno', 0.5)).toBe('none');
  });
});
