// The fixed choices of the controls that have them, in the language of the screen.
import type { ComboboxOption } from '@grafana/ui';

import {
  ACTION_KEYS,
  EVENT_KINDS,
  FILLS,
  ELEMENT_MEASURES,
  MEASURES,
  METRICS,
  OPERATIONS,
  OPERATORS,
  PAGE_ORDERS,
  SIGNALS,
  ZONE_NUMBERS,
} from '../../contract/query';
import { text } from '../text';

type Options = Array<ComboboxOption<string>>;

const labelled = <T extends string>(values: readonly T[], labels: Record<T, string>): Options =>
  values.map((value) => ({ value, label: labels[value] }));

const titled = (value: string): ComboboxOption<string> => ({
  value,
  label: text.values[value] ?? value.charAt(0).toUpperCase() + value.slice(1).replaceAll('_', ' '),
});

const FRICTION = ['all', ...ELEMENT_MEASURES] as const;

/** Asked for while a control is drawn: the language is known by then. */
export const CHOICES = {
  signal: () => SIGNALS.map(titled),
  metric: () => METRICS.map(titled),
  measure: () => labelled(MEASURES, text.choices.measures),
  operations: () =>
    OPERATIONS.map((value) => (value === 'dead' ? { value, label: text.choices.deadLetters } : titled(value))),
  order: () => PAGE_ORDERS.map(titled),
  fill: () => labelled(FILLS, text.choices.fills),
  friction: () => labelled(FRICTION, text.choices.friction),
  slow: () => labelled(['element', 'page'] as const, text.choices.slow),
  keys: () => labelled(ACTION_KEYS, text.choices.keys),
  number: () => ZONE_NUMBERS.map((value) => (value ? titled(value) : { value, label: text.choices.table })),
  resources: () => labelled(['calls', 'all'] as const, text.choices.resources),
} satisfies Record<string, () => Options>;

export const events = (): Options => labelled(EVENT_KINDS, text.choices.kinds);

export const OPERATOR_CHOICES: Options = OPERATORS.map((value) => ({ value, label: value }));
