// A trace: a link where the host has a place for traces, its id where not.

import React from 'react';

import { useWorkspace } from './context';
import { useHost } from './host';
import { text } from './text';

/** Shows a dash for the empty id. */
export function TraceLink({ id }: { id: string }) {
  const { state, readOnly } = useWorkspace();
  const { traceHref } = useHost();
  const words = text.causes.requests;
  if (id === '') {
    return <>–</>;
  }
  const short = `${id.slice(0, 8)}…`;
  return traceHref && !readOnly ? (
    <a href={traceHref(id, state.from, state.to)} aria-label={words.trace}>
      {short}
    </a>
  ) : (
    <code title={`${words.copy}: ${id}`}>{short}</code>
  );
}
