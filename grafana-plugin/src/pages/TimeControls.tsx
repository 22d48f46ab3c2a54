// Grafana's own time range and refresh, with the keys that dashboards write into the address.

import { dateTime, isDateTime, type TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { RefreshPicker, TimeRangePicker } from '@grafana/ui';
import React from 'react';

import { useWorkspace } from '../workspace/context';
import { text } from '../workspace/text';
import { useAutoRefresh } from '../workspace/useAutoRefresh';

/** One end as the address has it: relative, or epoch ms. */
const written = (end: TimeRange['raw']['from']): string => (isDateTime(end) ? String(end.valueOf()) : end);
const read = (end: string, ms: number): TimeRange['raw']['from'] => (end.startsWith('now') ? end : dateTime(ms));

export function TimeControls() {
  const { state, update, range, refresh, asOf, timeZone } = useWorkspace();
  useAutoRefresh(state.refresh, asOf, refresh);
  const show = (from: number, to: number) => update({ from: String(Math.round(from)), to: String(Math.round(to)) });
  const span = range.to - range.from;
  return (
    <>
      <TimeRangePicker
        value={{
          from: dateTime(range.from),
          to: dateTime(range.to),
          raw: { from: read(state.from, range.from), to: read(state.to, range.to) },
        }}
        timeZone={timeZone}
        onChange={({ raw }) => update({ from: written(raw.from), to: written(raw.to) })}
        onChangeTimeZone={(timezone) => locationService.partial({ timezone })}
        onMoveBackward={() => show(range.from - span / 2, range.to - span / 2)}
        onMoveForward={() => show(range.from + span / 2, range.to + span / 2)}
        onZoom={() => show(range.from - span / 2, range.to + span / 2)}
      />
      <RefreshPicker
        value={state.refresh}
        tooltip={text.refresh}
        onRefresh={refresh}
        onIntervalChanged={(every) => update({ refresh: every }, 'replace')}
      />
    </>
  );
}
