// A link that names an element but no page, as alerts on elements do: opens the page where it is clicked most.

import React, { useEffect } from 'react';

import { Problem } from '../workspace/Problem';
import { useWorkspace } from '../workspace/context';
import { useAnswer } from '../workspace/useAnswer';

export function FindPage() {
  const { backend, state, range, update } = useWorkspace();
  const { application, action, page } = state;
  const wanted = application && action && !page ? JSON.stringify([application, action, range]) : null;
  const asked = useAnswer(wanted, (signal) => {
    const filters = [{ key: 'element', operator: '=' as const, value: action }];
    return backend.ask({ question: 'pages', application, filters, order: 'clicks', limit: 1 }, range, signal);
  });
  const found = wanted ? asked.value?.[0]?.page : undefined;
  useEffect(() => {
    if (found) {
      update({ page: found }, 'replace');
    }
  }, [found, update]);
  return wanted && asked.error ? <Problem error={asked.error} retry={asked.retry} /> : null;
}
