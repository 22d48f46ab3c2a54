import { chooseLanguage } from '../language/language';
import { said } from './said';

/** As the server writes them; the journal's and the renderer's own tests hold the English. */
const REMARKS = [
  'parts of the recording are missing',
  'images of unknown size: 3',
  'images as large as the clicks around them say: 1',
  'InfluxDB cannot be used since 2026-11-25 10:00 UTC: what was written since then is not counted yet.',
  'Events are being read from InfluxDB: not all are counted yet.',
  'Events are being read from InfluxDB: not all are counted yet that happened before 2026-11-25 10:00 UTC.',
];

describe('remarks of the server', () => {
  afterEach(() => chooseLanguage('en'));

  test.each(REMARKS)('%s', (remark) => {
    expect(said(remark)).toBe(remark);
    chooseLanguage('zh-Hans');
    const words = said(remark).match(/[a-z]{2,}/gi) ?? [];
    expect(words.filter((word) => !['InfluxDB', 'UTC'].includes(word))).toEqual([]);
  });
});
