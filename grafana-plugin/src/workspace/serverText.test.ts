import { readFileSync } from 'node:fs';
import path from 'node:path';

import { chooseLanguage } from '../language/language';
import { serverText } from './serverText';

/** What the backend's own tests find in its source. */
const FILE = path.join(__dirname, '../../../tests/api/notices.json');
const NOTICES = JSON.parse(readFileSync(FILE, 'utf8')) as string[];

describe('notices of the server', () => {
  afterEach(() => chooseLanguage('en'));

  test.each(NOTICES)('%s', (notice) => {
    expect(serverText(notice)).toBe(notice);
    chooseLanguage('zh-Hans');
    const words = serverText(notice).match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => !['InfluxDB', 'px'].includes(word))).toEqual([]);
  });
});
