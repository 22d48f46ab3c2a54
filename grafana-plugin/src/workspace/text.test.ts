import { chooseLanguage } from '../language/language';
import { count, duration, percent, timeFormat } from './format';
import { noticesOf } from './Notices';
import { text } from './text';

describe('the texts', () => {
  afterEach(() => chooseLanguage('en'));

  it('writes numbers, lengths and dates its own way', () => {
    chooseLanguage('zh-Hans');
    expect([12480, 1234567].map(count)).toEqual(['12,480', '123万']);
    expect(percent(0.249)).toBe('24.9%');
    expect([180, 41_000, 200_000].map(duration)).toEqual(['180毫秒', '41秒', '3分钟20秒']);
    expect(timeFormat('utc').day(0)).toBe('1970年1月1日');
    expect(text.views('3', 3)).toBe('3 次浏览');
  });

  it('says the server’s notices', () => {
    const notice = { clicks: 0, notices: ['7 costly filters were left out'] } as never;
    expect(noticesOf(notice, 'clicks')).toEqual(['7 costly filters were left out']);
    chooseLanguage('zh-Hans');
    expect(noticesOf(notice, 'clicks')).toEqual(['省略了 7 个开销过大的滤镜效果']);
  });

  it('count in English', () => {
    expect([0, 1, 2].map((n) => text.views(String(n), n))).toEqual(['0 views', '1 view', '2 views']);
  });
});
