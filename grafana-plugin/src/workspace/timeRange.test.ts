import { dateMath } from '@grafana/data';

import { resolveRange, resolveTime } from './timeRange';

const NOW = Date.UTC(2026, 2, 31, 14, 37, 9, 512);

/** What Grafana makes of it. */
function grafana(value: string, nowMs: number, roundUp: boolean): number | null {
  const moment = dateMath.toDateTime(value, { now: nowMs, roundUp });
  return moment?.isValid() ? moment.valueOf() : null;
}

const STEPS = [
  '',
  '-1d',
  '-7d',
  '-3M',
  '-1M',
  '+1y',
  '-90m',
  '-2w',
  '-1Q',
  '-d',
  '-5s',
  '-36h',
  '-1M/M',
  '/d',
  '/w',
].concat(['/M', '/Q', '/y', '/fQ', '/fy', '/h', '/m', '/s', '-1d/d', '-1w/w', '/d+8h', '-1y/y', '-1fy/fy']);

describe('a time is what Grafana reads', () => {
  const days = Array.from({ length: 20 }, (_, at) => NOW + at * 19 * 86_400_000 + at * 4_567_891);
  it.each(STEPS.map((steps) => `now${steps}`))('%s', (value) => {
    for (const now of days) {
      for (const roundUp of [false, true]) {
        expect([value, now, resolveTime(value, now, roundUp)]).toEqual([value, now, grafana(value, now, roundUp)]);
      }
    }
  });

  it.each([
    '2026-03-01',
    '2026-03-01T10:20',
    '2026-03-01 10:20:30',
    '2026-03-01T10:20:30.123Z',
    'now-1x',
    'now-',
    'soon',
  ])('%s', (value) => expect(resolveTime(value, NOW, false)).toBe(grafana(value, NOW, false)));
});

it('reads epoch ms as they are, and takes the last week for what cannot be read', () => {
  expect(resolveRange('1000', '2000', NOW)).toEqual({ from: 1000, to: 2000 });
  expect(resolveRange('soon', 'now', NOW)).toEqual({ from: NOW - 7 * 86_400_000, to: NOW });
  expect(resolveRange('now', 'now-1h', NOW)).toEqual({ from: NOW - 7 * 86_400_000, to: NOW });
});
