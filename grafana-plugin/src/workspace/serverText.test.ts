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

  test.each([
    ['The page was not ready after 45 s of processor time (picture_visit_s).', 'picture_visit_s'],
    ['The page was not ready after 120 s.', ''],
    ['Its session had no time left after 180 s of processor time (picture_session_s).', 'picture_session_s'],
    ['It takes more than 0.4 s of processor time (read_limit_s).', 'read_limit_s'],
    ['It needs more than 1024 MB of memory (read_memory_mb).', 'read_memory_mb'],
    ['Its picture takes 2,112 MB of memory, more than the 2,048 MB of picture_memory_mb.', 'picture_memory_mb'],
    ['The picture process ended unexpectedly.', ''],
  ])('why a recording is in quarantine: %s', (reason, setting) => {
    chooseLanguage('zh-Hans');
    const words = serverText(reason).replace(setting, '').match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => word !== 'MB')).toEqual([]);
    expect(serverText(reason)).toContain(setting);
  });

  test('a sentence that only the server has is told by its code', () => {
    const refused = new BackendError('limit must be at least 1', 400, 'invalid');
    expect(errorText(refused)).toBe('limit must be at least 1');
    chooseLanguage('zh-Hans');
    expect(errorText(refused)).toBe('请求有误，请检查输入的内容。');
    expect(errorText(new Error('offline'))).toBe('offline');
  });
});
