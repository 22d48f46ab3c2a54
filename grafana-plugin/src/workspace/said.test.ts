import { readFileSync } from 'node:fs';
import path from 'node:path';

import { chooseLanguage } from '../language/language';
import { said } from './said';

/** What the backend's own tests find in its source. */
const FILE = path.join(__dirname, '../../../tests/api/remarks.json');
const REMARKS = JSON.parse(readFileSync(FILE, 'utf8')) as string[];

describe('remarks of the server', () => {
  afterEach(() => chooseLanguage('en'));

  test.each(REMARKS)('%s', (remark) => {
    expect(said(remark)).toBe(remark);
    chooseLanguage('zh-Hans');
    const words = said(remark).match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => !['InfluxDB', 'px'].includes(word))).toEqual([]);
  });
});
