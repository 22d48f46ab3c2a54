import { readFileSync } from 'node:fs';
import path from 'node:path';

import { BAD, hurtTints } from './tint';

const GOLDEN = path.join(__dirname, '../../../tests/api/golden/friction.json');

describe('the hottest colour', () => {
  it('is of the same value here and on the server', () => {
    const body = JSON.parse(readFileSync(GOLDEN, 'utf8'));
    const [result] = Object.values<{ frames: Array<{ schema: { meta: { custom: unknown } } }> }>(
      (body.response ?? body).results
    );
    expect(result.frames[0].schema.meta.custom).toMatchObject({ isotherm: { bad: BAD } });
  });
});

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
    const tints = hurtTints(
      Object.entries(heats).map(([element, heat]) => ({ ...row, element, heat })),
      Object.keys(heats).map((element) => ({ row: { element }, box })) as never,
      'p75_ms',
      'inferno'
    );
    expect(tints.map(({ strength }) => strength)).toEqual([0.04, 1, 1]);
  });
});
