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
