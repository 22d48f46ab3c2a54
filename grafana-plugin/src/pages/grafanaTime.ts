// Times in addresses as Grafana reads them.

import { dateMath } from '@grafana/data';

import type { ResolveTime } from '../workspace/timeRange';

/** In a time zone, with the first day of the week that the user has chosen. */
export const timesIn =
  (timezone: string | undefined): ResolveTime =>
  (value, now, roundUp) => {
    if (/^\d+$/.test(value)) {
      return Number(value);
    }
    const moment = dateMath.toDateTime(value, { now, timezone, roundUp });
    return moment?.isValid() ? moment.valueOf() : null;
  };
