import { setTemplateSrv, type TemplateSrv } from '@grafana/runtime';

import { variableValues } from './inPublic';
import { interpolateQuery } from './interpolate';
import type { RumQuery } from './types';

const VALUES: Record<string, string | string[]> = { application: 'shop', page: '/cart', env: ['prod', 'beta'] };

const templates = {
  replace: (text?: string, _?: unknown, format?: string | Function) =>
    (text ?? '').replace(/\$\{?(\w+)(?::\w+)?\}?/g, (whole, name: string) => {
      const value = VALUES[name];
      return value === undefined ? whole : typeof format === 'function' ? format(value) : [value].flat().join(',');
    }),
} as unknown as TemplateSrv;

const QUERY: RumQuery = {
  refId: 'A',
  version: 1,
  question: 'heat',
  datasource: { type: 'isotherm-rum-datasource', uid: '${source}' },
  application: '$application',
  page: '${page:raw}',
  filters: [
    { key: 'env', operator: '=', value: '${env}' },
    { key: 'path', operator: '=~', value: '^/cart$' },
    { key: 'city', operator: '=', value: '$nowhere' },
  ],
};

beforeAll(() => setTemplateSrv(templates));

describe('values for public dashboards', () => {
  test('are those of the variables in the query, each by its name', () => {
    expect(variableValues(QUERY)).toEqual({ application: 'shop', page: '/cart', env: ['prod', 'beta'] });
  });

  test('do not travel where there are variables', () => {
    const asked = interpolateQuery({ ...QUERY, in_public: { page: '/other' } }, templates, {});
    expect(asked.in_public).toBeUndefined();
    expect(asked.page).toBe('/cart');
  });
});
