// The values that a query's variables have at the moment, to be kept for where there are no variables.
import { getTemplateSrv } from '@grafana/runtime';

import { variablesOf } from './interpolate';
import type { RumQuery } from './types';

const NAMES = /\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]|\$(\w+)/g;

/** By the variable's name; variables that the dashboard does not have are left out. */
export function variableValues(query: RumQuery): Record<string, string | string[]> {
  const { datasource: _, in_public: __, ...asked } = query;
  const variables = variablesOf(getTemplateSrv(), {});
  const found: Record<string, string | string[]> = {};
  for (const match of JSON.stringify(asked).matchAll(NAMES)) {
    const name = match[1] ?? match[2] ?? match[3];
    const values = variables.values(`\${${name}}`);
    if (values[0] !== `\${${name}}`) {
      found[name] = values.length === 1 ? values[0] : values;
    }
  }
  return found;
}
