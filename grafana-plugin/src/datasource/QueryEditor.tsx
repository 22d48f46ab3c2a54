// The query editor: choose a question, then fill in what it needs.
import type { QueryEditorProps } from '@grafana/data';
import { Alert, Combobox, InlineField, InlineFieldRow } from '@grafana/ui';
import React, { useEffect, useMemo } from 'react';

import { QUESTION_NAMES } from '../contract/query';
import { controlOf } from './controls';
import type { RumDataSource } from './datasource';
import { migrateQuery, TooNewError, withQuestion } from './migrate';
import { QUESTIONS } from './questions';
import { text } from './text';
import type { RumOptions, RumQuery } from './types';

const LABEL_WIDTH = 18;

/** Asked for while the editor is drawn: the language is known by then. */
const options = () =>
  QUESTION_NAMES.map((value) => ({ value, label: text.titles[value], description: text.descriptions[value] }));

export type Props = QueryEditorProps<RumDataSource, RumQuery, RumOptions>;

function read(saved: RumQuery): { query: RumQuery } | { problem: string } {
  try {
    return { query: migrateQuery(saved) };
  } catch (error) {
    if (error instanceof TooNewError) {
      return { problem: error.message };
    }
    throw error;
  }
}

export function QueryEditor({ query: saved, datasource, range, onChange, onRunQuery }: Props) {
  const known = useMemo(() => read(saved), [saved]);
  const migrated = 'query' in known ? known.query : null;
  useEffect(() => {
    if (migrated && migrated !== saved) {
      onChange(migrated);
    }
  }, [migrated, saved, onChange]);
  if (!migrated) {
    return <Alert severity="error" title={'problem' in known ? known.problem : ''} />;
  }
  const query = migrated;
  const form = QUESTIONS[query.question];
  const change = (patch: Partial<RumQuery>) => {
    onChange({ ...query, ...patch });
    onRunQuery();
  };
  const id = (name: string) => `isotherm-${query.refId}-${name}`;
  return (
    <>
      <InlineFieldRow>
        <InlineField label={text.question} labelWidth={LABEL_WIDTH} htmlFor={id('question')}>
          <Combobox
            id={id('question')}
            options={options()}
            value={query.question}
            width={30}
            onChange={({ value }) => {
              onChange(withQuestion(query, value));
              onRunQuery();
            }}
          />
        </InlineField>
      </InlineFieldRow>
      {form.controls.map((name) => {
        const { label, tooltip, component: Control } = controlOf(query.question, name);
        const missing =
          form.needs.includes(name) && !query[name] && !(name === 'application' && datasource.defaultApplication);
        return (
          <InlineField
            key={name}
            label={label}
            tooltip={tooltip}
            labelWidth={LABEL_WIDTH}
            htmlFor={id(name)}
            invalid={missing}
            error={missing ? text.needed(label) : undefined}
          >
            <Control id={id(name)} query={query} datasource={datasource} range={range} change={change} />
          </InlineField>
        );
      })}
    </>
  );
}
