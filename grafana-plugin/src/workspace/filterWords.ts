// A filter as people read it.

import type { FacetFilter } from '../contract/query';
import { text } from './text';

export const filterWords = ({ key, operator, value, values }: FacetFilter): string =>
  `${text.filters.facets[key] ?? key} ${operator} ${(values ?? [value ?? '']).join(', ') || '“”'}`;
