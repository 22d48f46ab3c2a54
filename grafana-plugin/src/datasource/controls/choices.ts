// The fixed choices of the controls that have them.
import type { ComboboxOption } from '@grafana/ui';

import { MEASURES, METRICS, OPERATIONS, SIGNALS } from '../../contract/query';

const MEASURE_LABELS: Record<(typeof MEASURES)[number], string> = {
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

const titled = (value: string): ComboboxOption<string> => ({
  value,
  label: value.charAt(0).toUpperCase() + value.slice(1).replaceAll('_', ' '),
});

export const CHOICES = {
  signal: SIGNALS.map(titled),
  metric: METRICS.map(titled),
  measure: MEASURES.map((value) => ({ value, label: MEASURE_LABELS[value] })),
  operation: OPERATIONS.map(titled),
  order: ['views', 'clicks', 'rage'].map(titled),
  fill: [
    { value: 'zero', label: 'Zero' },
    { value: 'null', label: 'Empty' },
  ],
} satisfies Record<string, Array<ComboboxOption<string>>>;

export const ROWS_BY: Array<ComboboxOption<string>> = [
  { value: 'element', label: 'Element' },
  { value: 'action_name', label: 'Action name' },
];

export const EVENT_KINDS: Array<ComboboxOption<string>> = [
  { value: 'version', label: 'First visit with a version' },
  { value: 'rage_burst', label: 'Bursts of rage' },
];

export const OPERATOR_CHOICES: Array<ComboboxOption<string>> = [
  '=',
  '!=',
  '=~',
  '!~',
  'in',
  'not in',
  '<',
  '<=',
  '>',
  '>=',
].map((value) => ({ value, label: value }));
