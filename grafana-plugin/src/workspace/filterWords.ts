// A filter as people read it.

import type { FacetFilter } from '../contract/query';
import { isChoice, isLeftOut } from './state';
import { text } from './text';

const valuesOf = ({ value, values }: FacetFilter): string[] => values ?? [value ?? ''];

/** Fields of what the whole session did, here or elsewhere. */
export const isGoal = (key: string): boolean => key === 'reached_page' || key === 'reached_element';

/** "Browser is Chrome or Firefox"; comparisons and patterns as they are written. */
export function filterWords(filter: FacetFilter): string {
  const { filters } = text;
  const field = filters.facets[filter.key] ?? filter.key;
  if (isGoal(filter.key) && isChoice(filter)) {
    const verb = isLeftOut(filter) ? filters.notReached : filters.reached;
    return `${filters.visitors}: ${verb} ${valuesOf(filter).join(filters.or)}`;
  }
  const values = valuesOf(filter).map((value) => value || filters.empty);
  const sign = isChoice(filter) ? (isLeftOut(filter) ? filters.isNot : filters.is) : filter.operator;
  return `${field} ${sign} ${values.join(filters.or)}`;
}
