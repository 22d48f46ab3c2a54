// Why a map has nothing to show, and what of the likely causes the server can confirm or rule out.

import type { HeatAnswer, PageStats } from '../contract/answers';
import type { ServerStatus } from '../contract/generated/answers';
import { count, percent } from './format';
import { isNarrowed, type WorkspaceState } from './state';
import { text } from './text';

export type Emptiness = 'noEvents' | 'noData' | 'noClicks' | 'noReplay';

type Counted = Pick<PageStats, 'views' | 'actions' | 'clicks' | 'recorded_views'>;

/** Null when there is something to show; a picture that somebody chose, or pinned, is, even without a click on it. */
export function emptiness(
  stats: Pick<PageStats, 'views' | 'actions'> | undefined,
  heat: Pick<HeatAnswer, 'clicks' | 'background' | 'placed'> | undefined,
  chose: boolean
): Emptiness | null {
  if (!heat) {
    return null;
  }
  if (heat.clicks === 0) {
    return stats && stats.views === 0 && stats.actions === 0 ? 'noData' : 'noClicks';
  }
  if (heat.placed === 0 && !(heat.background && (chose || heat.background.pinned))) {
    return heat.background && heat.background.origin !== 'wireframe' ? 'noClicks' : 'noReplay';
  }
  return null;
}

/** A page that nobody visited has no depth either; null when there is something to show. */
export const emptinessOfScroll = (
  stats: Pick<PageStats, 'views' | 'actions'> | undefined,
  scroll: { rows: readonly unknown[] } | undefined
): Emptiness | null =>
  scroll && scroll.rows.length === 0 && stats && stats.views === 0 && stats.actions === 0 ? 'noData' : null;

export type Verdict = 'likely' | 'ruledOut' | 'unknown';

export interface Cause {
  words: string;
  verdict: Verdict;
  /** What was found, as half a sentence. */
  found?: string;
}

/** What the server knows; undefined where it could not be asked. */
export interface Facts {
  state: WorkspaceState;
  /** Of the scope itself, without its filters, and without any limit in time. */
  here: Counted | undefined;
  unfiltered: Counted | undefined;
  ever: Counted | undefined;
  /** Whether anything was ever heard of the application. */
  application?: boolean;
  /** Clicks on any page of it, ever. */
  anywhere?: number;
  unplacedShare: number;
  status: ServerStatus | undefined;
  time: (ms: number) => string;
}

const verdict = (known: boolean, likely: boolean): Verdict => (!known ? 'unknown' : likely ? 'likely' : 'ruledOut');

const amount = (counted: Counted): string =>
  `${text.views(count(counted.views), counted.views)}, ${text.clicks(count(counted.clicks), counted.clicks)}`;

const visited = (counted: Counted | undefined): boolean => !!counted && counted.views + counted.actions > 0;
const clicked = (counted: Counted | undefined): boolean => !!counted && counted.clicks > 0;

type Rule = (facts: Facts, has: typeof visited) => Cause[];

const filters: Rule = ({ state, unfiltered }, has) => {
  const likely = has(unfiltered);
  return isNarrowed(state)
    ? [
        {
          words: text.analysis.causes.filters,
          verdict: verdict(!!unfiltered, likely),
          found: likely && unfiltered ? text.analysis.causes.filtersFound(amount(unfiltered)) : undefined,
        },
      ]
    : [];
};

const range: Rule = ({ ever, unfiltered }, has) => {
  const likely = has(ever) && !has(unfiltered);
  return [
    {
      words: text.analysis.causes.range,
      verdict: verdict(!!ever, likely),
      found: likely && ever ? text.analysis.causes.rangeFound(amount(ever)) : undefined,
    },
  ];
};

/** Said only where it is so: elsewhere nobody wonders. */
const application: Rule = ({ application: known }) =>
  known === false ? [{ words: text.analysis.causes.application, verdict: 'likely' }] : [];

const page: Rule = ({ ever }) => [{ words: text.analysis.causes.page, verdict: verdict(!!ever, !visited(ever)) }];

const arriving: Rule = ({ status, time }) => {
  const last = Math.max(0, ...Object.values(status?.intake.senders ?? {}).map(({ last_event_ms: ms }) => ms ?? 0));
  return [
    {
      words: text.analysis.causes.arriving,
      verdict: verdict(!!status, last === 0),
      found: last > 0 ? text.analysis.causes.arrivingFound(time(last)) : undefined,
    },
  ];
};

/** What was imported comes from no sender: silence says nothing where the application has data. */
const arrivingHere: Rule = (facts, has) => arriving(facts, has).filter(({ found }) => found !== undefined);

/** Said only where it is so: actions arrive from other pages. */
const unclicked: Rule = ({ ever, anywhere = 0 }) =>
  anywhere > 0 && ever && ever.views > 0 && ever.actions === 0
    ? [
        {
          words: text.analysis.causes.unclicked,
          verdict: 'likely',
          found: text.analysis.causes.unclickedFound(
            text.views(count(ever.views), ever.views),
            text.clicks(count(anywhere), anywhere)
          ),
        },
      ]
    : [];

const actions: Rule = ({ ever, anywhere = 0 }) => {
  const likely = anywhere === 0 && !!ever && ever.views > 0 && ever.actions === 0;
  return [
    {
      words: text.analysis.causes.actions,
      verdict: verdict(!!ever, likely),
      found: likely ? text.analysis.causes.actionsFound(text.views(count(ever.views), ever.views)) : undefined,
    },
  ];
};

const sdk: Rule = ({ anywhere = 0 }) => [{ words: text.analysis.causes.sdk, verdict: verdict(anywhere > 0, false) }];

const changed: Rule = ({ unplacedShare }) => [
  {
    words: text.analysis.causes.changed,
    verdict: verdict(true, unplacedShare > 0),
    found: unplacedShare > 0 ? text.analysis.causes.changedFound(percent(unplacedShare)) : undefined,
  },
];

const recording: Rule = ({ here }) => [
  {
    words: text.analysis.causes.recording,
    verdict: verdict(!!here, here?.recorded_views === 0),
    found:
      here &&
      text.analysis.causes.recordingFound(count(here.recorded_views), text.views(count(here.views), here.views)),
  },
];

const chromium: Rule = ({ status }) => [
  {
    words: text.analysis.causes.chromium,
    verdict: verdict(status?.capture?.ok !== undefined, status?.capture?.ok === false),
  },
];

const waiting: Rule = ({ here, status }) => [
  {
    words: text.analysis.causes.waiting,
    verdict: verdict(!!here && !!status, (here?.recorded_views ?? 0) > 0 && status?.capture?.ok !== false),
  },
];

/** Nobody ever came here, as far as is known. */
export const isUnvisited = ({ ever }: Facts): boolean => !!ever && !visited(ever);

/** What may be behind each kind of emptiness, and what "there is something" means for it. */
const RULES: Record<Emptiness, { rules: Rule[]; has: typeof visited }> = {
  noEvents: { rules: [arriving], has: visited },
  noData: { rules: [application, filters, range, page, arrivingHere], has: visited },
  noClicks: { rules: [filters, range, unclicked, actions, changed, sdk], has: clicked },
  noReplay: { rules: [recording, waiting, chromium], has: visited },
};

const ORDER: Record<Verdict, number> = { likely: 0, unknown: 1, ruledOut: 2 };

/** Causes of an emptiness, those that the facts confirm first and those that they rule out last. */
export function causesOf(kind: Emptiness, facts: Facts): Cause[] {
  const { rules, has } = RULES[kind];
  return rules.flatMap((rule) => rule(facts, has)).sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
}
