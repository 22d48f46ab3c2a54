import { asExpression, migrateQuery, TooNewError, withQuestion } from './migrate';
import { QUERY_VERSION, type RumQuery } from './types';

describe('saved queries', () => {
  test('one without a version, written by hand, gets the defaults of its question', () => {
    const saved = { refId: 'A', question: 'actions', application: 'shop', limit: 5 } as unknown as RumQuery;
    expect(migrateQuery(saved)).toEqual({
      refId: 'A',
      question: 'actions',
      application: 'shop',
      limit: 5,
      by: 'element',
      background: 'auto',
      version: QUERY_VERSION,
    });
  });

  test('one of another data source becomes a heat query', () => {
    expect(migrateQuery({ refId: 'B', ...{ expr: 'up' } })).toMatchObject({ refId: 'B', question: 'heat' });
  });

  test('a present one stays the same object, so that nothing is saved again', () => {
    const saved: RumQuery = { refId: 'A', version: QUERY_VERSION, question: 'scroll' };
    expect(migrateQuery(saved)).toBe(saved);
  });

  test('one that went through the form of a new alert rule is what it was', () => {
    const zone: Omit<RumQuery, 'refId'> = { version: QUERY_VERSION, question: 'zone', page: '/cart', element: '#pay' };
    const datasource = { uid: 'isotherm' };
    const left = (expression: string) => ({ refId: 'A', datasource, question: 'timeseries' as const, expression });
    expect(migrateQuery(left(asExpression(zone)))).toEqual({ ...zone, refId: 'A', datasource });
    expect(migrateQuery(left('{no json'))).toMatchObject({ question: 'timeseries' });
  });

  test('what is unpacked stays so, when it is laid over what came out of the form', () => {
    const packed = asExpression({ version: QUERY_VERSION, question: 'zone', page: '/cart', element: '#pay' });
    const left = { refId: 'A', datasource: { uid: 'isotherm' }, expression: packed };
    const laid = { ...left, ...migrateQuery(left) };
    expect(migrateQuery(laid)).toBe(laid);
    expect(migrateQuery({ ...laid, page: '/help' })).toMatchObject({ page: '/help' });
  });

  test('a later one is refused', () => {
    expect(() => migrateQuery({ refId: 'A', version: QUERY_VERSION + 1, question: 'heat' })).toThrow(TooNewError);
  });
});

test('another question keeps the scope and drops the rest', () => {
  const heat: RumQuery = {
    refId: 'A',
    version: 1,
    question: 'heat',
    application: 'shop',
    page: '/',
    cell: 16,
    filters: [{ key: 'env', operator: '=', value: 'prod' }],
  };
  expect(withQuestion(heat, 'timeseries')).toEqual({
    refId: 'A',
    version: 1,
    question: 'timeseries',
    application: 'shop',
    page: '/',
    filters: [{ key: 'env', operator: '=', value: 'prod' }],
    measure: 'clicks',
    limit: 10,
    fill: 'zero',
    datasource: undefined,
    hide: undefined,
  });
});
