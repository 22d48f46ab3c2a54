import { readFileSync } from 'node:fs';
import path from 'node:path';

import { chooseLanguage } from '../language/language';
import { serverText } from './serverText';

/** What the backend's own tests find in its source. */
const FILE = path.join(__dirname, '../../../tests/api/notices.json');
const NOTICES = JSON.parse(readFileSync(FILE, 'utf8')) as string[];
const ZONES = [
  'A page has at most 100 zones. Remove one that nobody needs.',
  'There is no such zone; was it removed?',
  'body: name must have 1 to 200 characters',
  'body: element and background must be keys of this page',
  'body: a rectangle lies between 0 and 1000000 px',
  'body: a zone is an element, or a rectangle with a width and a height',
];

const INTERNAL = 'Something is wrong in Isotherm itself; its log has the details.';

describe('sentences of the server', () => {
  afterEach(() => chooseLanguage('en'));

  test.each([...NOTICES, ...ZONES, INTERNAL])('%s', (notice) => {
    expect(serverText(notice)).toBe(notice);
    chooseLanguage('zh-Hans');
    const words = serverText(notice).match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => !['InfluxDB', 'Isotherm', 'px'].includes(word))).toEqual([]);
  });
});
