import { cellsOf } from './cells';
import { densityRange } from './density';
import { drawsPoints, paintHeat, paintPoints, tilesOf, type HeatStyle, type Surface } from './paint';
import { colourAt } from './palette';
import { makeScale } from './scale';

const STYLE: HeatStyle = { palette: 'inferno', opacity: 0.8, radius: 20 };

// jsdom has none
globalThis.ImageData ??= class {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number
  ) {}
} as unknown as typeof ImageData;

class Recorder implements Partial<Surface> {
  calls: string[] = [];
  image: ImageData | null = null;
  fillStyle = '';
  strokeStyle = '';
  lineWidth = 0;
  font = '';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  clearRect = (...args: number[]) => void this.calls.push(`clear ${args.join(' ')}`);
  putImageData = ((image: ImageData, x: number, y: number) => {
    this.image = image;
    this.calls.push(`put ${image.width}x${image.height} at ${x} ${y}`);
  }) as Surface['putImageData'];
  beginPath = () => void this.calls.push('begin');
  arc = (x: number, y: number, radius: number) => void this.calls.push(`arc ${x} ${y} r${radius.toFixed(1)}`);
  fill = () => void this.calls.push('fill');
  stroke = () => void this.calls.push('stroke');
  fillText = (text: string, x: number, y: number) => void this.calls.push(`text ${text} at ${x} ${y}`);
}

const surface = () => {
  const recorder = new Recorder();
  return { recorder, surface: recorder as unknown as Surface };
};

describe('painting', () => {
  const cells = cellsOf({ x: [100], y: [1040], value: [40], cellPx: 0 });
  const scale = makeScale('linear', densityRange(cells, { width: 300, height: 2000 }, 20));

  it('fills one tile at the resolution of the screen, hottest at the click', () => {
    const { recorder, surface: canvas } = surface();
    const tile = { left: 0, top: 1000, width: 300, height: 100, scale: 2 };
    expect(paintHeat(canvas, cells, tile, scale, STYLE)).toBe(true);
    expect(recorder.calls).toEqual(['clear 0 0 600 200', 'put 600x200 at 0 0']);
    const pixel = (x: number, y: number) => [...recorder.image!.data.slice((y * 600 + x) * 4, (y * 600 + x) * 4 + 4)];
    const hottest = [...colourAt(STYLE.palette, 1), Math.round(255 * STYLE.opacity)];
    pixel(200, 80).forEach((channel, i) => expect(Math.abs(channel - hottest[i])).toBeLessThan(4));
    expect(pixel(200, 80 + 50)).toEqual([0, 0, 0, 0]);
  });

  it('leaves a tile clear that no click reaches', () => {
    const { recorder, surface: canvas } = surface();
    expect(paintHeat(canvas, cells, { left: 0, top: 0, width: 300, height: 100, scale: 1 }, scale, STYLE)).toBe(false);
    expect(recorder.calls).toEqual(['clear 0 0 300 100']);
  });

  it('draws a few clicks as points, with a number where there are several', () => {
    const few = cellsOf({ x: [10, 50], y: [20, 30], value: [1, 4], cellPx: 0 });
    expect(drawsPoints(few)).toBe(true);
    expect(drawsPoints(cells)).toBe(false);
    const { recorder, surface: canvas } = surface();
    expect(paintPoints(canvas, few, { left: 0, top: 0, width: 100, height: 100, scale: 1 }, STYLE, 1)).toBe(2);
    expect(recorder.calls).toMatchInlineSnapshot(`
      [
        "clear 0 0 100 100",
        "begin",
        "arc 10 20 r6.0",
        "fill",
        "stroke",
        "begin",
        "arc 50 30 r10.3",
        "fill",
        "stroke",
        "text 4 at 50 30",
      ]
    `);
  });

  it('cuts a page into tiles without gaps', () => {
    expect(tilesOf(1300, 512)).toEqual([
      { top: 0, height: 512 },
      { top: 512, height: 512 },
      { top: 1024, height: 276 },
    ]);
  });
});
