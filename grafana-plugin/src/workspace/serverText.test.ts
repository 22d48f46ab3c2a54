import { readFileSync } from 'node:fs';
import path from 'node:path';

import { chooseLanguage } from '../language/language';
import { BackendError } from '../contract/transport';
import { errorText, serverText } from './serverText';

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

const ERRORS = readFileSync(path.join(__dirname, '../../../backend/isotherm/api/http_errors.py'), 'utf8');
const INTERNAL = /"(Something is wrong in Isotherm[^"]*)"/.exec(ERRORS)![1];

describe('sentences of the server', () => {
  afterEach(() => chooseLanguage('en'));

  test.each([...NOTICES, ...ZONES, INTERNAL])('%s', (notice) => {
    expect(serverText(notice)).toBe(notice);
    chooseLanguage('zh-Hans');
    const words = serverText(notice).match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => !['InfluxDB', 'Isotherm', 'px'].includes(word))).toEqual([]);
  });

  test('a sentence that only the server has is told by its code', () => {
    const refused = new BackendError('limit must be at least 1', 400, 'invalid');
    expect(errorText(refused)).toBe('limit must be at least 1');
    chooseLanguage('zh-Hans');
    expect(errorText(refused)).toBe('请求有误，请检查输入的内容。');
    expect(errorText(new Error('offline'))).toBe('offline');
  });
});
