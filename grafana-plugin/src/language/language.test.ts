import { count, duration, percent, timeFormat } from '../workspace/format';
import { notesOf } from '../workspace/Notes';
import { text } from '../workspace/text';
import { beginLanguage, chooseLanguage, languageOf } from './language';
import { ordinal } from './words';

const language = () => (text.page === 'Page' ? 'en' : 'zh-Hans');

const inBrowser = (search: string, languages: string[]) => {
  window.history.replaceState(null, '', `/?${search}`);
  jest.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);
};

describe('the language', () => {
  beforeEach(() => window.localStorage.clear());
  afterEach(() => {
    jest.restoreAllMocks();
    chooseLanguage('en');
  });

  it('is the address’s, then the one chosen before, then the host’s, then the browser’s, then English', () => {
    inBrowser('', ['fr-FR', 'zh-CN']);
    beginLanguage();
    expect(language()).toBe('zh-Hans');
    beginLanguage('en-US');
    expect(language()).toBe('en');
    chooseLanguage('zh-Hans');
    beginLanguage('en-US');
    expect(language()).toBe('zh-Hans');
    inBrowser('lang=en', ['zh-CN']);
    beginLanguage('zh-Hans');
    expect(language()).toBe('en');
  });

  it('falls back to English', () => {
    inBrowser('lang=tlh', ['fr-FR']);
    beginLanguage('de-DE');
    expect(language()).toBe('en');
  });

  it.each([
    ['zh-CN', 'zh-Hans'],
    ['zh-Hans', 'zh-Hans'],
    ['ZH_tw', 'zh-Hans'],
    ['en-GB', 'en'],
    ['fr', null],
    ['', null],
  ])('reads %s as %s', (tag, expected) => expect(languageOf(tag)).toBe(expected));

  it('writes numbers, lengths and dates its own way', () => {
    chooseLanguage('zh-Hans');
    expect([12480, 1234567].map(count)).toEqual(['12,480', '123万']);
    expect(percent(0.249)).toBe('24.9%');
    expect([180, 41_000, 200_000].map(duration)).toEqual(['180毫秒', '41秒', '3分钟20秒']);
    expect(timeFormat('utc').day(0)).toBe('1970年1月1日');
    expect(text.views('3', 3)).toBe('3 次浏览');
  });

  it('says the server’s remarks', () => {
    const remark = { clicks: 0, notes: ['3 of 5 style sheets missing'] } as never;
    expect(notesOf(remark, 'clicks')).toEqual(['3 of 5 style sheets missing']);
    chooseLanguage('zh-Hans');
    expect(notesOf(remark, 'clicks')).toEqual(['缺少 5 个样式表中的 3 个']);
  });

  it('counts in English', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal).join(' ')).toBe(
      '1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th'
    );
    expect([0, 1, 2].map((n) => text.views(String(n), n))).toEqual(['0 views', '1 view', '2 views']);
  });
});
