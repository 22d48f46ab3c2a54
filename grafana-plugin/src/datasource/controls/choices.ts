// The fixed choices of the controls that have them.
import type { ComboboxOption } from '@grafana/ui';

import {
  ACTION_KEYS,
  EVENT_KINDS,
  FILLS,
  MEASURES,
  METRICS,
  OPERATIONS,
  OPERATORS,
  PAGE_ORDERS,
  SIGNALS,
  ZONE_NUMBERS,
  type ActionKey,
  type EventKind,
  type Fill,
  type Measure,
} from '../../contract/query';

const MEASURE_LABELS: Record<Measure, string> = {
  clicks: 'Clicks',
  actions: 'Actions',
  views: 'Views',
  users: 'Users',
  sessions: 'Sessions',
  errors: 'Page errors',
  rage: 'Rage clicks',
  dead: 'Dead clicks',
  error: 'Error clicks',
  rage_ratio: 'Rage ratio',
  dead_ratio: 'Dead ratio',
  error_ratio: 'Error ratio',
  session_end_ratio: 'Session end ratio',
  page_time: 'Time on page',
  versions: 'Versions',
  last_action: 'Moment of the latest action',
};

const FILL_LABELS: Record<Fill, string> = { zero: 'Zero', null: 'Empty' };

const KEY_LABELS: Record<ActionKey, string> = { element: 'Element', action_name: 'Action name' };

const KIND_LABELS: Record<EventKind, string> = {
  version: 'First visit with a version',
  rage_burst: 'Bursts of rage',
};

const labelled = <T extends string>(values: readonly T[], labels: Record<T, string>): Array<ComboboxOption<string>> =>
  values.map((value) => ({ value, label: labels[value] }));

const titled = (value: string): ComboboxOption<string> => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1).replaceAll('_', ' '),
});

export const CHOICES = {
  signal: SIGNALS.map(titled),
  metric: METRICS.map(titled),
  measure: labelled(MEASURES, MEASURE_LABELS),
  operation: OPERATIONS.map(titled),
  order: PAGE_ORDERS.map(titled),
  fill: labelled(FILLS, FILL_LABELS),
  hurt: labelled(['all', 'p75_ms', 'inp_ms', 'dead', 'rage', 'error', 'request_ms', 'request_failures'] as const, {
    all: 'All measures',
    p75_ms: 'Time to react',
    inp_ms: 'INP',
    dead: 'Dead clicks',
    rage: 'Rage clicks',
    error: 'Errors',
    request_ms: 'Slowest request',
    request_failures: 'Failed requests',
  }),
  slow: labelled(['element', 'page'] as const, { element: 'Elements', page: 'Pages' }),
  number: ZONE_NUMBERS.map((value) => (value ? titled(value) : { value, label: 'All, as a table' })),
  resources: labelled(['calls', 'all'] as const, { calls: 'Calls', all: 'Calls and files' }),
} satisfies Record<string, Array<ComboboxOption<string>>>;

export const ROWS_BY = labelled(ACTION_KEYS, KEY_LABELS);

export const EVENTS = labelled(EVENT_KINDS, KIND_LABELS);

export const OPERATOR_CHOICES: Array<ComboboxOption<string>> = OPERATORS.map((value) => ({ value, label: value }));
