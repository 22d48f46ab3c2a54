// A link that names a trace, as Grafana's view of traces has it: opens the click that caused the trace.

import React, { useEffect } from 'react';

import type { Transport } from '../contract/transport';
import { TRACE } from '../grafana/sources';
import { useLibrary } from '../library/context';
import { useWorkspace } from '../workspace/context';
import { Problem } from '../workspace/Problem';
import { useAnswer } from '../workspace/useAnswer';

/** Whose trace it is; the element is empty where no click caused it. */
interface Origin {
  application: string;
  page: string;
  element: string;
}

export function FindTrace({ transport }: { transport: Transport }) {
  const { range } = useWorkspace();
  const { url, search } = useLibrary();
  const trace = new URLSearchParams(search).get(TRACE);
  const asked = useAnswer(trace ? JSON.stringify([trace, range]) : null, async (signal) => {
    const span = new URLSearchParams({ from: String(range.from), to: String(range.to) });
    return (await transport.get(`api/v1/traces/${encodeURIComponent(trace ?? '')}?${span}`, signal)) as Origin;
  });
  const found = trace ? asked.value : undefined;
  useEffect(() => {
    if (found) {
      const params = new URLSearchParams(search);
      params.delete(TRACE);
      params.set('app', found.application);
      params.set('page', found.page);
      if (found.element) {
        params.set('action', found.element);
      }
      url.write(params.toString(), 'replace');
    }
  }, [found, search, url]);
  return trace && asked.error ? <Problem error={asked.error} retry={asked.retry} /> : null;
}
