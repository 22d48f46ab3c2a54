// In the page's head: asks for the map while the page itself is still on its way. A few kB, and nothing of Grafana's.

import { posted } from '../contract/httpTransport';
import { queryBody, QUERY_PATH, type AnyQuery } from '../contract/query';
import { screenOf } from '../library/links';
import { queryOf, readState } from '../workspace/state';
import { resolveRange } from '../workspace/timeRange';
import type { Asked } from './preloadedAnswer';

function ask(): Asked | null {
  const search = window.location.search.slice(1);
  const state = readState(search);
  if (screenOf(search) !== 'heatmap' || !state.application || !state.page) {
    return null;
  }
  const nowMs = Date.now();
  const { background } = state;
  const query = queryOf(state, { background }, state.map === 'scroll' ? 'scroll' : 'heat') as AnyQuery;
  const body = JSON.stringify(queryBody(query, resolveRange(state.from, state.to, nowMs)));
  const answer = fetch(new URL(QUERY_PATH, document.baseURI), posted(body));
  const read = answer.then((response): Promise<unknown> => response.clone().json());
  read.catch(() => undefined); // whoever takes the answer tells
  return { path: QUERY_PATH, body, nowMs, answer, read };
}

window.isothermAsked = ask();
