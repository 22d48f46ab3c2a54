import { changeOf } from './change';

describe('a change', () => {
  it('is clear when it is more than chance makes', () => {
    expect(changeOf({ hits: 10, of: 1000 }, { hits: 60, of: 1000 })).toEqual({
      before: 0.01,
      after: 0.06,
      factor: 6,
      clear: true,
    });
    expect(changeOf({ hits: 10, of: 1000 }, { hits: 14, of: 1000 })?.clear).toBe(false);
  });

  it('is clear exactly from 1.96 standard deviations on', () => {
    // Two counts of the same size differ by sqrt(a + b): 100 and 129 by 29 / 15.13 = 1.92, 130 by 30 / 15.17 = 1.98.
    expect(changeOf({ hits: 100, of: 1 }, { hits: 129, of: 1 })?.clear).toBe(false);
    expect(changeOf({ hits: 100, of: 1 }, { hits: 130, of: 1 })?.clear).toBe(true);
  });

  it('has no factor from nothing, and is none without views', () => {
    expect(changeOf({ hits: 0, of: 50 }, { hits: 20, of: 50 })).toMatchObject({ factor: null, clear: true });
    expect(changeOf({ hits: 0, of: 50 }, { hits: 0, of: 50 })?.clear).toBe(false);
    expect(changeOf({ hits: 0, of: 0 }, { hits: 5, of: 50 })).toBeNull();
  });
});
