import { readFileSync } from 'node:fs';
import path from 'node:path';

import { BAD } from './tint';

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
