import { DEFAULT_STATE, readState, writeState } from './state';
import { filterWords } from './filterWords';
import { facetOf, goalOf, readTarget, splitBy, writeTarget, type Target } from './target';

const THANKS: Target = { kind: 'page', key: '/order/done?a|b', name: '/order/done?a|b' };
const BUY: Target = { kind: 'element', key: '#buy > SPAN', name: 'Buy | now' };

describe('goals in the address', () => {
  it.each([THANKS, BUY])('come back as they were written: $key', (goal) => {
    expect(readTarget(writeTarget(goal))).toEqual(goal);
    const address = writeState({ ...DEFAULT_STATE, split: splitBy(goal) }, '');
    expect(goalOf(readState(address).split)).toEqual(goal);
  });

  it('are no fields, and fields are no goals', () => {
    expect(goalOf('version')).toBeNull();
    expect(goalOf('goal|nowhere|x')).toBeNull();
  });

  it('are told as what visitors did', () => {
    const words = (operator: '=' | '!=') => filterWords({ key: facetOf(THANKS), operator, value: '/thanks' });
    expect(words('=')).toBe('Visitors: reached /thanks');
    expect(words('!=')).toBe('Visitors: did not reach /thanks');
    expect(facetOf(BUY)).toBe('reached_element');
  });
});
