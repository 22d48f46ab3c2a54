import { readFileSync } from 'node:fs';
import path from 'node:path';

import { ERROR_CODES } from '../contract/generated/queries';
import { BackendError } from '../contract/transport';
import { chooseLanguage } from '../language/language';
import { errorText, serverText } from './serverText';

/** What the backend's own tests find in its source. */
const FILE = path.join(__dirname, '../../../tests/api/notices.json');
const NOTICES = JSON.parse(readFileSync(FILE, 'utf8')) as string[];

const foreignWords = (sentence: string): string[] =>
  (sentence.match(/[a-z]{2,}/gi) ?? []).filter((word) => !['InfluxDB', 'Isotherm', 'px'].includes(word));

describe('sentences of the server', () => {
  afterEach(() => chooseLanguage('en'));

  test.each(NOTICES)('%s', (notice) => {
    expect(serverText(notice)).toBe(notice);
    chooseLanguage('zh-Hans');
    expect(foreignWords(serverText(notice))).toEqual([]);
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
    const words =
      serverText(reason)
        .replace(setting, '')
        .match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => word !== 'MB')).toEqual([]);
    expect(serverText(reason)).toContain(setting);
  });

  test.each(ERROR_CODES)('%s says what it means where its sentence has no translation', (code) => {
    const error = new BackendError('Nobody foresaw this.', 400, code);
    expect(errorText(error)).toBe('Nobody foresaw this.');
    chooseLanguage('zh-Hans');
    expect(errorText(error)).toMatch(/^\p{Script=Han}/u);
    expect(foreignWords(errorText(error))).toEqual([]);
  });

  it('keeps to the server’s own sentence where the page has words for it', () => {
    chooseLanguage('zh-Hans');
    const error = new BackendError('There is no such zone; was it removed?', 404, 'not_found');
    expect(errorText(error)).toBe('没有这个区域，它可能已被移除。');
  });
});
