// Grafana's own time range and refresh, with the keys that dashboards write into the address.

import { dateTime, isDateTime, rangeUtil, type TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { defaultIntervals, RefreshPicker, TimeRangePicker } from '@grafana/ui';
import React, { useEffect } from 'react';

import { useLibrary } from '../library/context';
import { useWorkspace } from '../workspace/context';
import { text } from '../workspace/text';

/** One end as the address has it: relative, or epoch ms. */
const written = (end: TimeRange['raw']['from']): string => (isDateTime(end) ? String(end.valueOf()) : end);
const read = (end: string, ms: number): TimeRange['raw']['from'] => (end.startsWith('now') ? end : dateTime(ms));

export function TimeControls() {
  const { state, update, range, refresh, timeZone } = useWorkspace();
  const { search } = useLibrary();
  const wanted = new URLSearchParams(search).get('refresh') ?? '';
  const interval = defaultIntervals.includes(wanted) ? wanted : '';
  useEffect(() => {
    if (interval) {
      const timer = setInterval(() => document.hidden || refresh(), rangeUtil.intervalToMs(interval));
      return () => clearInterval(timer);
    }
    return undefined;
  }, [interval, refresh]);
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
        value={interval}
        tooltip={text.refresh}
        onRefresh={refresh}
        onIntervalChanged={(every) => locationService.partial({ refresh: every || null })}
      />
    </>
  );
}
