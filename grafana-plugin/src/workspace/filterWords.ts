// A filter as people read it.

import type { FacetFilter } from '../contract/query';

export const filterWords = (filter: FacetFilter): string =>
  `${filter.key} ${filter.operator} ${(filter.values ?? [filter.value ?? '']).join(', ') || '“”'}`;
