import { migrateOptions } from './migrations';
import { DEFAULTS } from './options';

describe('saved panel options', () => {
  test('none at all, or those of another panel, become the defaults', () => {
    expect(migrateOptions({})).toEqual(DEFAULTS);
    expect(migrateOptions({ legend: { showLegend: true }, tooltip: { mode: 'single' } })).toEqual(DEFAULTS);
  });

  test('what is known and within its bounds stays', () => {
    const saved = { ...DEFAULTS, map: 'scroll', palette: 'viridis', opacity: 0.4, zoom: 1, fold: false, ranks: 3 };
    expect(migrateOptions(saved)).toEqual(saved);
  });

  test('what a later version or a hand wrote is brought within bounds', () => {
    expect(migrateOptions({ map: 'attention', palette: 'neon', opacity: 7, radius: -1, zoom: 9, ranks: 2.6 })).toEqual({
      ...DEFAULTS,
      opacity: 1,
      radius: 8,
      zoom: 2,
      ranks: 3,
    });
  });
});
