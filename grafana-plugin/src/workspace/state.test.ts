import { bandName } from '../contract/widthBands';
import { chosenOf, DEFAULT_STATE, readState, withFilter, writeState, type WorkspaceState } from './state';
import { resolveRange, resolveTime } from './timeRange';
import { count, duration, percent } from './format';

const FULL: WorkspaceState = {
  colour: 'p75_ms',
  application: 'kestrel & co',
  page: '/product/?',
  map: 'scroll',
  from: 'now-30d',
  to: '1700000000000',
  filters: [
    { key: 'env', operator: '=', value: 'prod|eu' },
    { key: 'city', operator: 'in', values: ['Köln', 'a=b&c'] },
  ],
  width: { min: 768, max: 1280 },
  signal: 'rage',
  metric: 'users',
  background: 'b1',
  action: '#buy > SPAN:nth-of-type(2)',
  target: 'page|/checkout?a|b',
  release: '1.4.2 rc|1',
  moment: 1_795_262_400_000,
  reached: 1200,
  number: 'rage',
  zone: 'z1',
  sort: 'dead',
  split: 'version',
  depth: 812,
  zoom: 1.25,
  refresh: '30s',
  look: { palette: 'viridis', opacity: 0.5, radius: 40, scale: 'linear', picture: 0.5 },
};

describe('state in the address', () => {
  it('comes back as it was written', () => {
    expect(readState(writeState(FULL, ''))).toEqual(FULL);
  });

  it('leaves defaults out and keeps what belongs to others', () => {
    expect(writeState(DEFAULT_STATE, 'orgId=1&signal=rage')).toBe('orgId=1');
  });

  it.each([
    'filter=%25E0%25A4%25A|%3D|x',
    'filter=onlykey',
    'width=abc',
    'zoom=NaN',
    'opacity=9',
    'map=nothing',
    'depth=',
  ])('survives a broken address: %s', (search) => {
    expect(() => readState(search)).not.toThrow();
    expect(readState(search).map).toBe('clicks');
  });

  it('names the width bands', () => {
    expect([{}, { min: 1281 }, { min: 768, max: 1280 }, { max: 767 }, { min: 500 }].map(bandName)).toEqual([
      'all',
      'wide',
      'medium',
      'narrow',
      'custom',
    ]);
  });
});

describe('time', () => {
  const now = Date.UTC(2026, 0, 8);

  it('is read as Grafana writes it', () => {
    expect(resolveTime('now-7d', now)).toBe(Date.UTC(2026, 0, 1));
    expect(resolveTime('now', now)).toBe(now);
    expect(resolveTime('1700000000000', now)).toBe(1700000000000);
    expect(resolveTime('soon', now)).toBeNull();
    expect(resolveTime('now-1d/d', now)).toBe(Date.UTC(2026, 0, 7));
    expect(resolveTime('now/d', now, true)).toBe(Date.UTC(2026, 0, 9) - 1);
  });

  it('falls back to a week when it makes no sense', () => {
    expect(resolveRange('now', 'now-1h', now)).toEqual({ from: Date.UTC(2026, 0, 1), to: now });
  });
});

describe('numbers', () => {
  it('are grouped, and short when they are long', () => {
    expect([0, 12480, 1234567, 2.5e9].map(count)).toEqual(['0', '12,480', '1.23M', '2.5B']);
  });

  it('have at most three figures as shares', () => {
    expect([0, 0.0004, 0.0171, 0.249, 0.5, 1, null].map(percent)).toEqual([
      '0%',
      '< 0.1%',
      '1.7%',
      '24.9%',
      '50%',
      '100%',
      '–',
    ]);
  });

  it('read as durations', () => {
    expect([180, 1500, 41000, 200000, 7500000].map(duration)).toEqual([
      '180 ms',
      '1.5 sec',
      '41 sec',
      '3 min 20 sec',
      '2 hr 5 min',
    ]);
  });
});

describe('a choice of values', () => {
  const chrome = { key: 'browser', operator: '=' as const, value: 'Chrome' };
  const norway = { key: 'country', operator: '!=' as const, value: 'Norway' };

  it('takes the place of the former one of its field', () => {
    const filters = withFilter([chrome, norway], 'browser', ['Chrome', 'Firefox'], false);
    expect(filters).toEqual([{ key: 'browser', operator: 'in', values: ['Chrome', 'Firefox'] }, norway]);
    expect(chosenOf(filters, 'browser', false)).toEqual(['Chrome', 'Firefox']);
  });

  it('leaves what is left out beside what is looked at', () => {
    const filters = withFilter([chrome, norway], 'country', ['Chile'], false);
    expect(filters).toEqual([chrome, norway, { key: 'country', operator: '=', value: 'Chile' }]);
    expect(chosenOf(filters, 'country', true)).toEqual(['Norway']);
  });

  it('of nothing is no filter', () => {
    expect(withFilter([chrome, norway], 'country', [], true)).toEqual([chrome]);
  });

  it('is kept in the address', () => {
    const filters = withFilter([], 'city', ['São Paulo', 'a|b'], true);
    expect(readState(writeState({ ...DEFAULT_STATE, filters }, '')).filters).toEqual(filters);
  });
});
