// Which pages deserve a look first, and the reason in one sentence.

import type { Overview } from '../contract/generated/answers';
import { count, percent } from '../workspace/format';
import { text } from '../workspace/text';

type Application = Overview['applications'][number];
export type OverviewPage = Application['pages'][number];

export interface Finding {
  application: string;
  page: OverviewPage;
  why: string;
  /** What the heatmap opens with. */
  signal: 'rage' | '';
}

/** A change is told from this factor on, and only of so many clicks that it is no accident. */
const NOTABLE = 1.5;
const ENOUGH = 20;
const SHOWN = 4;

function findingOf(page: OverviewPage, compared: boolean): { weight: number; why: string; signal: 'rage' | '' } | null {
  const words = text.library.overview.why;
  const { rage, rage_before, clicks, clicks_before } = page;
  if (rage > 0) {
    const weight = rage + Math.max(0, compared ? rage - rage_before : 0);
    if (compared && rage_before === 0) {
      return { weight, why: words.rageNew(count(rage)), signal: 'rage' };
    }
    if (compared && rage >= rage_before * NOTABLE) {
      return { weight, why: words.rageRose(count(rage_before), count(rage)), signal: 'rage' };
    }
    return { weight, why: words.rage(count(rage), percent(clicks ? rage / clicks : 0)), signal: 'rage' };
  }
  if (compared && clicks_before >= ENOUGH && clicks * NOTABLE <= clicks_before) {
    return { weight: (clicks_before - clicks) / 5, why: words.fell(percent(1 - clicks / clicks_before)), signal: '' };
  }
  return null;
}

/** Whether the time before has anything to compare with. */
export const isCompared = (application: Application): boolean => application.views_before > 0;

/** The pages to look at first, most pressing first. */
export function attentionOf(overview: Overview): Finding[] {
  return overview.applications
    .flatMap((application) =>
      application.pages.map((page) => ({
        application: application.application,
        page,
        found: findingOf(page, isCompared(application)),
      }))
    )
    .filter(({ found }) => found !== null)
    .sort((a, b) => (b.found?.weight ?? 0) - (a.found?.weight ?? 0))
    .slice(0, SHOWN)
    .map(({ application, page, found }) => ({ application, page, why: found?.why ?? '', signal: found?.signal ?? '' }));
}
