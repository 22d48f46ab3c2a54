import { measureTints } from './tint';

describe('an element that is coloured', () => {
  it('stays to be seen as long as it is quick', () => {
    const row = {
      measure: 'p75_ms',
      value: 0,
      low: 0,
      high: 0,
      sessions: 500,
      certain: true,
      page: '/',
      action_name: '',
    };
    const heats = { quick: 0.02, slow: 0.5, worst: 1 };
    const box = { left: 0, top: 0, width: 10, height: 10 };
    const tints = measureTints(
      Object.entries(heats).map(([element, heat]) => ({ ...row, element, heat })),
      Object.keys(heats).map((element) => ({ row: { element }, box })) as never,
      'p75_ms',
      'inferno'
    );
    expect(tints.map(({ strength }) => strength)).toEqual([0.04, 1, 1]);
  });
});
