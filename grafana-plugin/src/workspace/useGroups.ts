// The groups that a click map is split into: the values of a field, or this time range and the one before.

import type { ActionRow, ActionsAnswer, HeatAnswer } from '../contract/answers';
import type { FacetFilter, Range } from '../contract/query';
import { useWorkspace } from './context';
import { labelOf } from './Facets';
import { timeFormat } from './format';
import { scopeOf, withFilter } from './state';
import { facetOf, goalOf, type Target } from './target';
import { text } from './text';
import { useAnswer, type Asked } from './useAnswer';

/** More maps than this are too small to read. */
export const MOST_GROUPS = 4;
const ELEMENTS = 1000;

/** In place of a field: this time range beside the equally long one before it. */
export const PERIOD = 'period';

export interface Group {
  /** What it is called, and in full. */
  name: string;
  title: string;
  heat: HeatAnswer;
  actions: ActionsAnswer;
}

export interface Groups {
  /** What the groups are of. */
  by: string;
  asked: Asked<Group[]>;
  /** How many there are, of which the most visited are shown; null until that is known. */
  total: number | null;
}

interface Wanted {
  name: string;
  title: string;
  range: Range;
  /** In place of the map's own. */
  filters: FacetFilter[];
}

interface Split {
  /** The page and the field that it was asked for. */
  of: string;
  groups: Group[];
  total: number;
}

/** `background` = the picture that all maps lie on; null = do not ask. */
export function useGroups(background: string | null): Groups | null {
  const { backend, state, range, asOf, timeZone } = useWorkspace();
  const { split } = state;
  const byPeriod = split === PERIOD;
  const words = text.analysis.split;
  const goal = goalOf(split);
  const by = goal ? words.goal(goal.name) : byPeriod ? words.period : labelOf({ key: split, label: split });
  const periods = (): Wanted[] => {
    const { time } = timeFormat(timeZone);
    const before = { from: Math.max(0, 2 * range.from - range.to), to: range.from };
    const titled = (at: Range) => `${time(at.from)} – ${time(at.to)}`;
    return [
      { name: words.now, title: titled(range), range, filters: state.filters },
      { name: words.before, title: titled(before), range: before, filters: state.filters },
    ];
  };
  const values = async (signal: AbortSignal): Promise<Wanted[]> => {
    const { application, page } = state;
    const filters = state.filters.filter((filter) => filter.key !== split); // or only those chosen would be found
    const found = await backend.facetValues({ application, page, range, key: split, search: '', filters }, signal);
    // Several values of one field are any of them: the map's own takes the place of those chosen.
    return found.map(({ value }) => ({
      name: words.one(by, value),
      title: value,
      range,
      filters: withFilter(state.filters, split, [value], false),
    }));
  };
  const reachedOrNot = (target: Target): Wanted[] =>
    [false, true].map((not) => ({
      name: not ? words.notReached : words.reached,
      title: not ? words.notReachedOf(target.name) : words.reachedOf(target.name),
      range,
      // Beside the goals that are asked for already: a session reaches each, or not.
      filters: [...state.filters, { key: facetOf(target), operator: not ? '!=' : '=', value: target.key }],
    }));
  const scope = scopeOf(state);
  const of = JSON.stringify([scope.application, scope.page, split]);
  const key = background === null ? null : JSON.stringify([scope, split, range, background, timeZone, asOf]);
  // One question of both steps: the values belong to the field and the time that the maps are of.
  const asked = useAnswer<Split>(key, async (signal) => {
    const wanted = goal ? reachedOrNot(goal) : byPeriod ? periods() : await values(signal);
    const groups = await Promise.all(
      wanted.slice(0, MOST_GROUPS).map(async ({ name, title, range: when, filters }) => {
        const query = { ...scope, filters, background: background ?? 'auto' };
        const [heat, actions] = await Promise.all([
          backend.ask<'heat'>({ ...query, question: 'heat' }, when, signal),
          backend.ask<'actions'>({ ...query, question: 'actions', limit: ELEMENTS }, when, signal),
        ]);
        return { name, title, heat, actions };
      })
    );
    return { of, groups: goal || byPeriod ? groups : inOrder(groups), total: wanted.length };
  });
  // Maps of another page or field are not shown under this one's name.
  const value = asked.value?.of === of ? asked.value : undefined;
  return background === null ? null : { by, asked: { ...asked, value: value?.groups }, total: value?.total ?? null };
}

/** As a person lists them: variant A before B, 2.3.1 before 2.4.0. Which are shown is another matter: the most visited. */
const inOrder = (groups: readonly Group[]): Group[] =>
  [...groups].sort((a, b) => a.title.localeCompare(b.title, undefined, { numeric: true }));

/** One element in all groups: its share of the clicks of each. */
export interface ComparedRow {
  row: ActionRow;
  shares: number[];
  /** Of the first group less that of the second, where there are two. */
  difference: number;
  /** More than chance makes, 19 times of 20. */
  clear: boolean;
}

const Z = 1.96;

/** Elements of all groups, those that differ most first; without those that a group's list, being cut, may lack. */
export function compared(groups: readonly Group[]): ComparedRow[] {
  const all = new Map<string, ActionRow>();
  const lists = groups.map(({ actions: { rows, total } }) => ({
    rows: new Map(rows.filter(({ element }) => element).map((row) => [row.element, row])),
    cut: total > rows.length,
  }));
  lists.forEach(({ rows }) => rows.forEach((row, element) => !all.has(element) && all.set(element, row)));
  const sums = groups.map(({ heat }) => heat.clicks);
  return [...all.values()]
    .filter(({ element }) => lists.every(({ rows, cut }) => !cut || rows.has(element)))
    .map((row): ComparedRow => {
      const shares = lists.map(({ rows }) => rows.get(row.element)?.share ?? 0);
      const difference = groups.length === 2 ? shares[0] - shares[1] : Math.max(...shares) - Math.min(...shares);
      return { row, shares, difference, clear: groups.length === 2 && isClear(shares, sums) };
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

/** Whether two shares differ by more than chance, of this many clicks each (pooled two-proportion z). */
export function isClear([a, b]: readonly number[], [n, m]: readonly number[]): boolean {
  if (!n || !m) {
    return false;
  }
  const pooled = (a * n + b * m) / (n + m);
  return Math.abs(a - b) > Z * Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
}
