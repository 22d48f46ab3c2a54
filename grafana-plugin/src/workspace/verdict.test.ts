import { chooseLanguage } from '../language/language';
import { stateName } from './serverText';
import { verdictOf } from './verdict';

const NOTHING = { clicks: 0, apart: 0, size_px: 0, point_px: 0, height_px: null, from_px: null, by_px: 0 };
const judged = (measured: object | null, lacking: Record<string, number> = {}) =>
  ({ measured: measured && { ...NOTHING, ...measured, lacking } }) as Parameters<typeof verdictOf>[0];

describe('the verdict on a picture', () => {
  afterEach(() => chooseLanguage('en'));

  it.each([
    [judged(null), ''],
    [judged({ verdict: 'true', clicks: 55 }), 'True to the recording'],
    [
      judged({ verdict: 'shifted', clicks: 9, apart: 2, from_px: 2400, by_px: 40 }, { images: 3 }),
      'Shifted below 2,400 px by up to 40 px: 3 images were missing',
    ],
    [judged({ verdict: 'shifted', clicks: 9, apart: 1 }), '1 of 9 clicked elements has another size'],
    [judged({ verdict: 'unusable' }, { styles: 1 }), 'Not usable: 1 style sheet was missing'],
    [judged({ verdict: 'unusable', clicks: 34, apart: 20 }), 'Not usable: 20 of 34 clicks were elsewhere'],
    [judged({ verdict: 'unusable' }), 'Not usable'],
  ])('%#', (picture, sentence) => {
    expect(verdictOf(picture)).toBe(sentence);
    chooseLanguage('zh-Hans');
    expect(verdictOf(picture)).not.toMatch(/[a-z]{3,}/i);
  });

  it('says all that is missing', () => {
    const lacks = { images: 2, styles: 1 };
    expect(verdictOf(judged({ verdict: 'unusable' }, lacks))).toBe(
      'Not usable: 2 images and 1 style sheet were missing'
    );
  });
});

describe('the name of a state', () => {
  afterEach(() => chooseLanguage('en'));

  it('is what is seen in it', () => {
    expect(stateName({ kind: 'dialog', what: 'Sign in' })).toBe('Dialog “Sign in”');
    expect(stateName({ kind: 'menu', what: '' })).toBe('Menu open');
    expect(stateName({ kind: 'after', what: 'Add to cart' })).toBe('After “Add to cart”');
    chooseLanguage('zh-Hans');
    expect(stateName({ kind: 'after', what: '' })).toBe('点击之后');
  });
});
