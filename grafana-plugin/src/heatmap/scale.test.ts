import { makeScale, SCALES } from './scale';
import { colourAt, cssGradient, lookupTable, PALETTE_NAMES, PALETTES } from './palette';
import { toneOf } from './tone';

const sample = Float32Array.from({ length: 500 }, (_, i) => 0.1 + (i / 500) ** 3 * 100);
const range = { max: 100.1, sample };

describe('scale', () => {
  it.each(SCALES)('%s rises from 0 to 1', (name) => {
    const scale = makeScale(name, range);
    const values = [0, 0.5, 1, 5, 20, 60, 100.1].map(scale);
    expect(values[0]).toBe(0);
    expect(values[6]).toBeCloseTo(1, 5);
    expect([...values].sort((a, b) => a - b)).toEqual(values);
  });

  it('gives the quiet half of the page half of the colours, by quantile', () => {
    expect(makeScale('quantile', range)(sample[250])).toBeCloseTo(0.5, 1);
    expect(makeScale('linear', range)(sample[250])).toBeLessThan(0.15);
  });

  it.each(SCALES)('%s draws nothing where there is nothing', (name) => {
    expect(makeScale(name, { max: 0, sample: new Float32Array(0) })(0)).toBe(0);
  });
});

describe('palette', () => {
  it.each(PALETTE_NAMES)('%s starts clear and ends opaque and different from its start', (name) => {
    const table = lookupTable(name, 0.7);
    expect(table[3]).toBe(0);
    expect(table[table.length - 1]).toBe(Math.round(255 * 0.7));
    expect(colourAt(name, 0)).not.toEqual(colourAt(name, 1));
    expect(cssGradient(name)).toMatch(/^linear-gradient\(to right, rgb/);
  });

  it.each(PALETTE_NAMES.filter((name) => PALETTES[name].colourBlindSafe))('%s gets lighter with every step', (name) => {
    const lightness = Array.from({ length: 20 }, (_, i) => {
      const [r, g, b] = colourAt(name, i / 19);
      return toneOf([r, g, b, 255]).lightness;
    });
    lightness.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(lightness[i]));
  });
});
