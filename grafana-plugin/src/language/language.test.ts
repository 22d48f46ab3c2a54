import { beginLanguage, chooseLanguage, languageOf, spoken } from './language';
import { ordinal } from './words';

const text = spoken({ en: { page: 'Page' }, 'zh-Hans': { page: '页面' } });
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

  it('counts in English', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal).join(' ')).toBe(
      '1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th'
    );
  });
});
