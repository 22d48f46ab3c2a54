// The steps of a funnel, in order.
import { Button, Combobox, IconButton, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { Picker } from '../Picker';
import { text } from '../text';
import type { StepText } from '../types';
import type { ControlProps } from './control';

const KINDS = ['page', 'element', 'action_name'] as const;
type Kind = (typeof KINDS)[number];

function read(step: StepText): { kind: Kind; value: string } {
  if ('page' in step) {
    return { kind: 'page', value: step.page };
  }
  return 'element' in step
    ? { kind: 'element', value: step.element }
    : { kind: 'action_name', value: step.action_name };
}

function write(kind: Kind, value: string): StepText {
  switch (kind) {
    case 'page':
      return { page: value };
    case 'element':
      return { element: value };
    case 'action_name':
      return { action_name: value };
  }
}

export function StepsControl({ id, query, datasource, range, change }: ControlProps) {
  const steps = query.steps ?? [];
  const replace = (index: number, step: StepText) =>
    change({ steps: steps.map((other, at) => (at === index ? step : other)) });
  return (
    <div>
      {steps.map((step, index) => {
        const { kind, value } = read(step);
        const { application } = query;
        const of =
          kind === 'action_name'
            ? null
            : { list: kind === 'page' ? ('pages' as const) : ('elements' as const), application };
        return (
          <InlineFieldRow key={index}>
            <Combobox
              id={`${id}-kind-${index}`}
              options={KINDS.map((one) => ({ value: one, label: text.choices.steps[one] }))}
              value={kind}
              width={24}
              onChange={(option) => replace(index, write(option.value, ''))}
            />
            <Picker
              id={`${id}-value-${index}`}
              datasource={datasource}
              range={range}
              of={of}
              value={value || undefined}
              onChange={(chosen) => replace(index, write(kind, chosen ?? ''))}
              width={40}
            />
            <IconButton
              name="trash-alt"
              aria-label={text.removeStep(index + 1)}
              onClick={() => change({ steps: steps.filter((_, at) => at !== index) })}
            />
          </InlineFieldRow>
        );
      })}
      <Button
        id={id}
        variant="secondary"
        size="sm"
        icon="plus"
        onClick={() => change({ steps: [...steps, { page: '' }] })}
      >
        {text.step}
      </Button>
    </div>
  );
}
