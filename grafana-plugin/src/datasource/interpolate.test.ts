import type { AdHocVariableFilter, ScopedVars } from '@grafana/data';

import type { FacetFilter } from '../contract/query';

import { interpolateQuery } from './interpolate';
import type { RumQuery } from './types';

const VALUES: Record<string, string | string[]> = {
  application: 'shop',
  page: ['/', '/product/?'],
  country: ['DE', 'FR'],
  version: '1.4.2',
  cell: '16',
  none: [],
};

/** Replaces like Grafana's own: `${name}`, `$name`, a format that is a function or "csv". */
const templates = {
  replace: (text?: string, _?: ScopedVars, format?: string | Function) =>
    (text ?? '').replace(/\$\{?(\w+)\}?/g, (whole, name: string) => {
      const value = VALUES[name];
      return value === undefined ? whole : typeof format === 'function' ? format(value) : [value].flat().join(',');
    }),
};

const query = (rest: Partial<RumQuery>): RumQuery => ({ refId: 'A', version: 1, question: 'heat', ...rest });
const ask = (rest: Partial<RumQuery>, adHoc: AdHocVariableFilter[] = []) =>
  interpolateQuery(query(rest), templates, {}, adHoc);

describe('variables in a query', () => {
  test('texts, numbers and lists are replaced', () => {
    const asked = ask({
      application: '$application',
      cell: '${cell}',
      width: { min: '$cell', max: 900 },
      steps: [{ page: '/a' }, { element: '#$version' }],
      kinds: ['version'],
    });
    expect(asked).toMatchObject({
      application: 'shop',
      cell: 16,
      width: { min: 16, max: 900 },
      steps: [{ page: '/a' }, { element: '#1.4.2' }],
      kinds: ['version'],
    });
  });

  test('a page of several values becomes pages', () => {
    expect(ask({ page: '$page' })).toMatchObject({ page: undefined, pages: ['/', '/product/?'] });
    expect(ask({ page: '/checkout' })).toMatchObject({ page: '/checkout' });
    expect(ask({ page: '/checkout' }).pages).toBeUndefined();
  });

  test('a comma in a value does not make two of it', () => {
    expect(ask({ filters: [{ key: 'city', operator: '=', value: 'Washington, D.C.' }] }).filters).toEqual([
      { key: 'city', operator: '=', value: 'Washington, D.C.' },
    ]);
  });

  test('a filter with several values means any of them', () => {
    const filters = ask({
      filters: [
        { key: 'country', operator: '=', value: '$country' },
        { key: 'country', operator: '!=', value: '$country' },
        { key: 'country', operator: '=~', value: '$country' },
        { key: 'version', operator: 'in', values: ['$version', '1.5.0'] },
        { key: '', operator: '=', value: 'not filled in yet' },
      ],
    }).filters;
    expect(filters).toEqual([
      { key: 'country', operator: 'in', values: ['DE', 'FR'] },
      { key: 'country', operator: 'not in', values: ['DE', 'FR'] },
      { key: 'country', operator: '=~', value: '(?:DE)|(?:FR)' },
      { key: 'version', operator: 'in', values: ['1.4.2', '1.5.0'] },
    ]);
  });

  test('ad hoc filters are added to the query’s own', () => {
    const adHoc = [
      { key: 'browser', operator: '=', value: 'Firefox' },
      { key: 'os', operator: '=|', value: 'Linux', values: ['Linux', 'macOS'] },
      { key: 'city', operator: '!~', value: '^B' },
    ];
    expect(ask({ filters: [{ key: 'env', operator: '=', value: 'prod' }] }, adHoc).filters).toEqual([
      { key: 'env', operator: '=', value: 'prod' },
      { key: 'browser', operator: '=', value: 'Firefox' },
      { key: 'os', operator: 'in', values: ['Linux', 'macOS'] },
      { key: 'city', operator: '!~', value: '^B' },
    ]);
  });

  test('ad hoc filters narrow the query’s own and let nothing more in', () => {
    const own: FacetFilter[] = [{ key: 'env', operator: 'in', values: ['prod', 'beta'] }];
    const beta = { key: 'env', operator: '=', value: 'beta' };
    const test = { key: 'env', operator: '=', value: 'test' };
    expect(ask({ filters: own }, [beta, test]).filters).toEqual([{ key: 'env', operator: 'in', values: ['beta'] }]);
    expect(ask({ filters: own }, [test]).filters).toEqual([{ key: 'env', operator: 'in', values: [] }]);
    expect(ask({}, [beta, test]).filters).toEqual([{ key: 'env', operator: 'in', values: ['beta', 'test'] }]);
  });

  test('a text that is no number is left for the backend to refuse by name', () => {
    expect(ask({ limit: 'many' }).limit).toBe('many');
    expect(ask({ limit: ' ' }).limit).toBeUndefined();
  });
});
