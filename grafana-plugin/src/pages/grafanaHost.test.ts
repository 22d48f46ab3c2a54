import type { QueryOf } from '../contract/query';
import { migrateQuery } from '../datasource/migrate';
import { QUERY_VERSION } from '../datasource/types';
import { alertHref } from './grafanaHost';

const ZONE: QueryOf<'zone'> = { question: 'zone', application: 'shop', page: '/cart', element: '#pay', zone: 'Pay' };

function formOf(zone: QueryOf<'zone'>) {
  const href = alertHref('isotherm', zone, 'Pay');
  return JSON.parse(new URLSearchParams(href.split('?')[1]).get('defaults') ?? '');
}

test('an alert on a zone asks for the zone, though the form of Grafana keeps of a query only what it knows', () => {
  const [{ model }, threshold] = formOf(ZONE).queries;
  const { refId, datasource, expression } = model;
  const left = { refId, datasource, expression, queryType: 'alerting', instant: true, range: false };
  expect(migrateQuery(left)).toEqual({ ...ZONE, refId, datasource, version: QUERY_VERSION, number: 'clicks' });
  expect(threshold.model).toMatchObject({ refId: 'B', type: 'threshold', expression: 'A' });
});

test('it fires when nobody clicks, or when many clicks have the signal that is looked at', () => {
  const evaluatorOf = (zone: QueryOf<'zone'>) => formOf(zone).queries[1].model.conditions[0].evaluator;
  expect(evaluatorOf(ZONE)).toEqual({ type: 'lt', params: [1] });
  expect(evaluatorOf({ ...ZONE, signal: 'all' })).toEqual({ type: 'lt', params: [1] });
  expect(evaluatorOf({ ...ZONE, signal: 'rage' })).toEqual({ type: 'gt', params: [10] });
});
