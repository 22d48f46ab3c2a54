import { spotAt } from './hit';
import { cellsOf } from './cells';
import {
  contains,
  nextZoom,
  pageX,
  pageY,
  scrollToShow,
  toPageX,
  toScreenBox,
  toScreenX,
  zoomFactor,
} from './geometry';
import { frameOf, scrollFor, stripFor } from './minimap';

describe('geometry', () => {
  const page = { width: 1440, height: 6000 };

  it('goes to the screen and back', () => {
    expect(toPageX(toScreenX(pageX(720), 0.5), 0.5)).toBe(720);
    expect(toScreenBox({ left: 10, top: 20, width: 30, height: 40 }, 2)).toEqual({
      left: 20,
      top: 40,
      width: 60,
      height: 80,
    });
  });

  it('knows inside from outside at the edges', () => {
    const box = { left: 10, top: 10, width: 5, height: 5 };
    expect([contains(box, pageX(10), pageY(10)), contains(box, pageX(15), pageY(10))]).toEqual([true, false]);
  });

  it('fits the width, the whole page, or neither', () => {
    const room = { width: 720, height: 900 };
    expect(zoomFactor('fit', page, room)).toBe(0.5);
    expect(zoomFactor('page', page, room)).toBe(0.15);
    expect(zoomFactor(2, page, room)).toBe(2);
    expect(zoomFactor('fit', { width: 390, height: 800 }, room)).toBe(1.5);
  });

  it('steps through the zooms and stops at the ends', () => {
    expect([nextZoom(0.63, 1), nextZoom(0.63, -1), nextZoom(2, 1), nextZoom(0.25, -1)]).toEqual([0.75, 0.5, 2, 0.25]);
  });

  it('scrolls a place into the middle, within bounds', () => {
    expect([
      scrollToShow(1000, 100, 500, 3000),
      scrollToShow(0, 50, 500, 3000),
      scrollToShow(2990, 10, 500, 3000),
    ]).toEqual([800, 0, 2500]);
  });
});

describe('minimap', () => {
  const strip = stripFor({ width: 1000, height: 5000 }, { width: 60, height: 200 });
  const window = { scrollTop: 0, viewport: 500, total: 2500 };

  it('shows the whole page', () => {
    expect(strip).toEqual({ width: 40, height: 200, scale: 0.04 });
  });

  it('moves its frame with the window, and the window with its frame', () => {
    expect(frameOf(strip, window)).toEqual({ top: 0, height: 40 });
    expect(frameOf(strip, { ...window, scrollTop: 2000 })).toEqual({ top: 160, height: 40 });
    expect(scrollFor(strip, window, 100)).toBe(1000);
    expect([scrollFor(strip, window, 0), scrollFor(strip, window, 999)]).toEqual([0, 2000]);
  });
});

describe('what is under the pointer', () => {
  const cells = cellsOf({ x: [100, 104, 300], y: [100, 100, 100], value: [3, 2, 5], cellPx: 0 });
  const outer = { name: 'card', box: { left: 0, top: 0, width: 400, height: 400 } };
  const inner = { name: 'button', box: { left: 90, top: 90, width: 30, height: 30 } };

  it('is the innermost element and the clicks of that spot', () => {
    expect(spotAt(cells, [outer, inner], { x: pageX(101), y: pageY(101) }, 10, 20)).toMatchObject({
      value: 5,
      share: 0.25,
      element: inner,
    });
  });

  it('is the nearest element where the heat reaches beyond it, and none where there is no heat', () => {
    const elements = [inner, { name: 'far', box: { left: 130, top: 90, width: 30, height: 30 } }];
    const edge = spotAt(cells, elements, { x: pageX(88), y: pageY(100) }, 20, 10);
    expect(edge).toMatchObject({ value: 5, element: inner });
    expect(spotAt(cells, elements, { x: pageX(105), y: pageY(125) }, 10, 10)).toMatchObject({
      value: 0,
      element: null,
    });
  });

  it('has no share when nothing was clicked at all', () => {
    expect(spotAt(cells, [], { x: pageX(0), y: pageY(0) }, 10, 0)).toMatchObject({
      value: 0,
      share: null,
      element: null,
    });
  });
});
