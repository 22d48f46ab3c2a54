// Asks the server what it knows about an empty map: without filters, at all times, and about its own parts.

import type { HeatAnswer, PageStats } from '../contract/answers';
import type { QueryOf } from '../contract/query';
import { useWorkspace } from './context';
import type { Facts } from './emptiness';
import { timeFormat } from './format';
import { isNarrowed } from './state';
import { useAnswer } from './useAnswer';

const DAY_MS = 86_400_000;

/** Facts come one by one; what is not there yet is undefined. */
export function useFacts(here: PageStats | undefined, heat: HeatAnswer | undefined): Facts {
  const { backend, state, range, timeZone, readOnly } = useWorkspace();
  const { application, page } = state;
  const query: QueryOf<'page_stats'> = { question: 'page_stats', application, page };
  const asks = !readOnly && application !== '' && page !== '';
  const span = () => ({ from: 0, to: Math.max(range.to, Date.now()) + DAY_MS });
  const whole = useAnswer(asks && isNarrowed(state) ? JSON.stringify([query, range]) : null, (signal) =>
    backend.ask(query, range, signal)
  );
  const ever = useAnswer(asks ? JSON.stringify([query, 'ever', range.to]) : null, (signal) =>
    backend.ask(query, span(), signal)
  );
  const known = useAnswer(asks ? JSON.stringify([application, 'known']) : null, async (signal) =>
    (await backend.applications(span(), signal, application)).filter((one) => one.application === application)
  );
  const status = useAnswer(readOnly ? null : JSON.stringify(range), (signal) => backend.status(signal));
  const missing = heat ? Object.values(heat.unplaced).reduce((sum, clicks) => sum + clicks, 0) : 0;
  return {
    state,
    here,
    unfiltered: isNarrowed(state) ? whole.value : here,
    ever: ever.value,
    unplacedShare: heat && heat.clicks > 0 ? missing / heat.clicks : 0,
    application: known.value && known.value.length > 0,
    anywhere: known.value?.[0]?.clicks,
    status: status.value,
    time: timeFormat(timeZone).time,
  };
}
