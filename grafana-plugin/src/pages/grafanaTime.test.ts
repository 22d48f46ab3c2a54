import { timesIn } from './grafanaTime';

it('reads times in the time zone that is looked at', () => {
  const now = Date.UTC(2026, 0, 8, 23, 30);
  expect(timesIn('utc')('now-1d/d', now)).toBe(Date.UTC(2026, 0, 7));
  expect(timesIn('utc')('now/d', now, true)).toBe(Date.UTC(2026, 0, 9) - 1);
  expect(timesIn('Asia/Tokyo')('now/d', now)).toBe(Date.UTC(2026, 0, 8, 15));
  expect(timesIn('utc')('1000', now)).toBe(1000);
  expect(timesIn('utc')('soon', now)).toBeNull();
});
