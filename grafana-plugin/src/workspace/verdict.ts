// What is known of how true a picture is, in words.

import type { BackgroundInfo } from '../contract/generated/answers';
import { count, px } from './format';
import { text } from './text';

type Judged = Pick<BackgroundInfo, 'measured'>;

/** What the picture lacks, as half a sentence; "" = nothing. */
function lacking({ measured }: Judged): string {
  const words = text.background.measured;
  const parts = Object.entries(measured?.lacking ?? {}).filter(([kind, n]) => n > 0 && kind in words.missing);
  const total = parts.reduce((sum, [, n]) => sum + n, 0);
  return total
    ? words.lacked(
        parts.map(([kind, n]) => words.missing[kind](count(n), n)),
        total
      )
    : '';
}

/** The verdict on a picture in one sentence; "" where there was nothing to measure it by. */
export function verdictOf(judged: Judged): string {
  const { measured } = judged;
  const words = text.background.measured;
  if (!measured) {
    return '';
  }
  const { apart, clicks, from_px, by_px } = measured;
  const numbers: [string, string] = [count(apart), count(clicks)];
  const why = lacking(judged);
  switch (measured.verdict) {
    case 'true':
      return words.true;
    case 'shifted': {
      const head = from_px === null ? words.resized(...numbers) : words.shifted(px(from_px), px(by_px));
      return why ? words.because(head, why) : head;
    }
    case 'unusable': {
      const reason = why || (clicks ? words.elsewhere(...numbers) : '');
      return reason ? words.because(words.unusable, reason) : words.unusable;
    }
  }
}
