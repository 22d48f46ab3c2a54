import { placeMarkers } from './markers';

const MAP = { width: 300, height: 400 };
const box = (left: number, top: number) => ({ left, top, width: 40, height: 20 });

describe('markers', () => {
  it('stand on the corner of their element when there is room', () => {
    expect(placeMarkers([{ rank: 1, box: box(100, 100) }], MAP, 20)).toEqual([
      { rank: 1, x: 100, y: 100, anchorX: 100, anchorY: 100, aside: false },
    ]);
  });

  it('never overlap, and the higher rank keeps its place', () => {
    const boxes = Array.from({ length: 10 }, (_, i) => ({ rank: 10 - i, box: box(100 + (i % 2), 100) }));
    const markers = placeMarkers(boxes, MAP, 20);
    expect(markers[0]).toMatchObject({ rank: 1, aside: false });
    markers.forEach((a, i) =>
      markers.slice(i + 1).forEach((b) => expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(20))
    );
    expect(markers.filter((marker) => marker.aside)).toHaveLength(9);
  });

  it('leave a label to be read, and step aside from it', () => {
    const label = { left: 150, top: 90, width: 150, height: 22 };
    const [marker] = placeMarkers([{ rank: 10, box: box(200, 100) }], MAP, 20, [label]);
    expect(marker.aside).toBe(true);
    expect(marker.y + 10 < label.top || marker.y - 10 > label.top + label.height).toBe(true);
  });

  it('stay inside the map', () => {
    const [marker] = placeMarkers([{ rank: 1, box: box(-5, 0) }], MAP, 20);
    expect(marker).toMatchObject({ x: 10, y: 10 });
  });
});
