import { timeFormat } from './format';

describe('a time', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2026, 0, 1, 6) }));
  afterEach(() => jest.useRealTimers());

  it('says its year when that is not the present one, as the clocks of its zone have it', () => {
    const newYearsEve = Date.UTC(2025, 11, 31, 23, 30);
    expect(timeFormat('utc').time(newYearsEve)).toBe('31 Dec 2025, 23:30');
    expect(timeFormat('Asia/Tokyo').time(newYearsEve)).toBe('1 Jan, 08:30');
    expect(timeFormat('utc').time(Date.UTC(2026, 0, 1))).toBe('1 Jan, 00:00');
  });

  it('is said of a day with its year', () => {
    expect(timeFormat('utc').day(0)).toBe('1 Jan 1970');
  });
});
