// A trace: a link where the host or the server has a place for traces, its id where not.

import React from 'react';

import type { Backend } from '../contract/backend';
import { useWorkspace } from './context';
import { useHost } from './host';
import { text } from './text';
import { useAnswer } from './useAnswer';

const SHOWN = 8;

/** What the server says of the place; the links of a page ask once. */
const places = new WeakMap<Backend, Promise<string>>();

function placeOf(backend: Backend): Promise<string> {
  const known = places.get(backend) ?? backend.status().then((status) => status.trace_url ?? '');
  places.set(backend, known);
  known.catch(() => places.delete(backend));
  return known;
}

/** The start of an id; Datadog's are half as long as others and begin with zeros. */
const shortened = (id: string): string => `${id.replace(/^0+/, '').slice(0, SHOWN)}…`;

/** Shows a dash for the empty id. */
export function TraceLink({ id }: { id: string }) {
  const { backend, state, readOnly } = useWorkspace();
  const { traceHref } = useHost();
  const words = text.causes.requests;
  const place = useAnswer(id === '' || traceHref || readOnly ? null : 'place', () => placeOf(backend));
  if (id === '') {
    return <>–</>;
  }
  const href = traceHref?.(id, state.from, state.to) ?? place.value?.replaceAll('{trace}', id);
  return href && !readOnly ? (
    <a href={href} aria-label={`${words.trace} ${shortened(id)}`}>
      {shortened(id)}
    </a>
  ) : (
    <code title={`${words.copy}: ${id}`}>{shortened(id)}</code>
  );
}
