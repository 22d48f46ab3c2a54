import { pictureFilter, strengthFor, toneOf } from './tone';

const picture = (...colours: Array<[number, number, number]>) => colours.flatMap((colour) => [...colour, 255]);

describe('tone of a picture', () => {
  it('measures lightness, contrast and colour as OKLab has them', () => {
    expect(toneOf(picture([255, 255, 255]))).toEqual({
      lightness: expect.closeTo(1, 3),
      contrast: expect.closeTo(0, 3),
      chroma: expect.closeTo(0, 3),
    });
    const half = toneOf(picture([0, 0, 0], [255, 255, 255]));
    expect(half.lightness).toBeCloseTo(0.5, 3);
    expect(half.contrast).toBeCloseTo(0.5, 3);
    expect(toneOf(picture([255, 0, 0])).chroma).toBeCloseTo(0.2577, 3); // the chroma of sRGB red in OKLab
  });

  it('lets a light, a busy and a colourful picture step back further than a dark, calm one', () => {
    const strength = (...colours: Array<[number, number, number]>) => strengthFor(toneOf(picture(...colours)));
    const dark = strength([20, 22, 30]);
    expect(strength([255, 255, 255])).toBeLessThan(dark);
    expect(strength([200, 40, 40], [40, 200, 40])).toBeLessThan(dark);
    expect(strength([0, 0, 0], [255, 255, 255])).toBeLessThan(dark);
  });

  it('leaves a picture as it is at full strength', () => {
    expect(pictureFilter(1)).toBe('none');
    expect(pictureFilter(0.5)).toBe('saturate(0.35) brightness(0.70)');
  });
});
