// A filter as people read it.

import type { FacetFilter } from '../contract/query';
import { isChoice, isLeftOut } from './state';
import { text } from './text';

const valuesOf = ({ value, values }: FacetFilter): string[] => values ?? [value ?? ''];

/** "Browser is Chrome or Firefox"; comparisons and patterns as they are written. */
export function filterWords(filter: FacetFilter): string {
  const { filters } = text;
  const field = filters.facets[filter.key] ?? filter.key;
  const values = valuesOf(filter).map((value) => value || filters.empty);
  const sign = isChoice(filter) ? (isLeftOut(filter) ? filters.isNot : filters.is) : filter.operator;
  return `${field} ${sign} ${values.join(filters.or)}`;
}
