import { cellsOf, firstAt, hottest, isAnyBetween, sumAround, sumInside } from './cells';
import { pageX, pageY } from './geometry';

const cells = cellsOf({ x: [8, 0, 16], y: [80, 0, 80], value: [2, 3, 4], cellPx: 8 });

describe('cells', () => {
  it('are sorted by height and stand at their middle', () => {
    expect([...cells.y]).toEqual([4, 84, 84]);
    expect([...cells.x]).toEqual([4, 12, 20]);
    expect(cells.total).toBe(9);
  });

  it('are found by height', () => {
    expect([firstAt(cells, 0), firstAt(cells, 4), firstAt(cells, 5), firstAt(cells, 100)]).toEqual([0, 0, 1, 3]);
  });

  it('add up around a point and inside a box', () => {
    expect(sumAround(cells, pageX(12), pageY(84), 8)).toBe(6);
    expect(sumAround(cells, pageX(12), pageY(84), 7)).toBe(2);
    expect(sumInside(cells, { left: 0, top: 80, width: 16, height: 8 })).toBe(2);
  });

  it('tell whether any lies between two heights, and which is the hottest', () => {
    expect([isAnyBetween(cells, 0, 4), isAnyBetween(cells, 0, 5)]).toEqual([false, true]);
    expect([isAnyBetween(cells, 5, 84), isAnyBetween(cells, 84, 85), isAnyBetween(cells, 85, 900)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(hottest(cells)).toEqual({ left: 16, top: 80, width: 8, height: 8 });
    expect(hottest(cells, 0, 80)).toEqual({ left: 0, top: 0, width: 8, height: 8 });
    expect(hottest(cells, 100)).toBeNull();
    expect(hottest(cellsOf({ x: [], y: [], value: [], cellPx: 8 }))).toBeNull();
  });
});
