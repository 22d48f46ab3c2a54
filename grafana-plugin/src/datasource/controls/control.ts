// What every control of the query editor is given.
import type { TimeRange } from '@grafana/data';

import type { RumDataSource } from '../datasource';
import type { RumQuery } from '../types';

export interface ControlProps {
  id: string;
  query: RumQuery;
  datasource: RumDataSource;
  range?: TimeRange;
  /** Change the query and ask again. */
  change: (patch: Partial<RumQuery>) => void;
}
