import { frameOf, movedUp, scrollFor, scrollPerPx, stripFor } from './minimap';

const ROOM = { width: 56, height: 700 };
const LONG = { width: 1440, height: 100_000 };

describe('the minimap', () => {
  it('shows a short page whole', () => {
    const strip = stripFor({ width: 1440, height: 3000 }, ROOM);
    expect([strip.width, strip.height]).toEqual([56, 116.66666666666667]);
    expect(movedUp(strip, { scrollTop: 900, viewport: 700, total: 3000 }, ROOM.height)).toBe(0);
  });

  it('of a very long page stays wide enough to see, and moves along', () => {
    const strip = stripFor(LONG, ROOM);
    expect(strip.width).toBeCloseTo(40);
    expect(strip.height).toBeCloseTo(2778, 0);
    const at = (scrollTop: number) => ({ scrollTop, viewport: 700, total: 50_000 });
    expect(movedUp(strip, at(0), ROOM.height)).toBe(0);
    expect(movedUp(strip, at(49_300), ROOM.height)).toBeCloseTo(strip.height - ROOM.height);
    // wherever the map is, its frame is in the room
    for (const top of [0, 10_000, 30_000, 49_300]) {
      const frame = frameOf(strip, at(top));
      const seen = frame.top - movedUp(strip, at(top), ROOM.height);
      expect(seen).toBeGreaterThanOrEqual(-0.01);
      expect(seen + frame.height).toBeLessThanOrEqual(ROOM.height + 0.01);
    }
  });

  it('scrolls from top to end when the frame is dragged through the room', () => {
    const strip = stripFor(LONG, ROOM);
    const window = { scrollTop: 0, viewport: 700, total: 50_000 };
    const way = ROOM.height - frameOf(strip, window).height;
    expect(scrollPerPx(strip, window, ROOM.height) * way).toBeCloseTo(49_300);
    expect(scrollFor(strip, window, strip.height)).toBeCloseTo(49_300);
  });
});
