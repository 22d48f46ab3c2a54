import type { EffectRow } from '../contract/answers';
import { headlineOf } from './headline';

const row = (more: Partial<EffectRow>): EffectRow => ({
  page: '/cart',
  element: '#apply',
  action_name: 'Apply coupon',
  measure: 'dead',
  before: 0.009,
  after: 0.897,
  ratio: 99.1,
  ratio_low: 53.2,
  ratio_high: 217,
  evidence: 1e9,
  found: true,
  verdict: 'worse',
  sessions_before: 500,
  sessions_after: 400,
  clicks_before: 500,
  clicks_after: 400,
  ...more,
});

describe('the headline of a release', () => {
  it('says since when what works worse, and how much, in one sentence', () => {
    const rows = [row({ element: '', action_name: '' }), row({ measure: 'rage', before: 0, after: 0.322 }), row({})];
    expect(headlineOf(rows, '2.4.0')).toBe(
      'Since 2.4.0, “Apply coupon” works worse: ' +
        '89.7% of the clicks do nothing (before: 0.9%), 32.2% are rage clicks (before: none).'
    );
  });

  it('is of the element that was opened', () => {
    const rows = [row({}), row({ element: '#pay', action_name: 'Pay', measure: 'p75_ms', before: 200, after: 900 })];
    expect(headlineOf(rows, '2.4.0', '#pay')).toBe(
      'Since 2.4.0, “Pay” works worse: it takes 900 ms to react (before: 200 ms).'
    );
    expect(headlineOf(rows, '2.4.0', '#other')).toBe('');
  });

  it('says nothing where nothing is certain, or nothing got worse', () => {
    expect(headlineOf([row({ found: false }), row({ verdict: 'better' })], '2.4.0')).toBe('');
  });
});
