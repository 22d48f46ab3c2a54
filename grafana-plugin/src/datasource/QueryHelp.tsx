// Questions to begin with, below the query editor's help button: each is filled in for what is being looked at.
import { css } from '@emotion/css';
import type { GrafanaTheme2, QueryEditorHelpProps } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import type { RumDataSource } from './datasource';
import { rangeOf } from './lookups';
import { withQuestion } from './migrate';
import { QUESTIONS } from './questions';
import { text } from './text';
import { QUERY_VERSION, type QueryParams, type RumQuery } from './types';

interface Example extends QueryParams {
  question: RumQuery['question'];
}

/** In the order of the screen; the words are in text.examples. */
export const EXAMPLES = {
  heat: { question: 'heat' },
  scroll: { question: 'scroll' },
  rage: { question: 'timeseries', measure: 'rage', by: 'page' },
  elements: { question: 'actions', signal: 'rage', limit: 20 },
  friction: { question: 'friction', by: 'all' },
  errors: { question: 'errors' },
  requests: { question: 'requests' },
  effect: { question: 'effect' },
} as const satisfies Record<string, Example>;

type Name = keyof typeof EXAMPLES;
const NAMES = Object.keys(EXAMPLES) as Name[];

/** The example as a query: of the application and page that are chosen, else of the most visited ones. */
async function filledIn(name: Name, datasource: RumDataSource, before: Partial<RumQuery>): Promise<RumQuery> {
  const { question, ...fields }: Example = EXAMPLES[name];
  const first = async (list: 'applications' | 'pages', application?: string) =>
    (await datasource.choices({ list, application, range: rangeOf() }))[0]?.value;
  const known = before.application || datasource.defaultApplication;
  const application = known || (await first('applications'));
  const needsPage = (QUESTIONS[question].needs as readonly string[]).includes('page');
  const page = before.page || (needsPage ? await first('pages', application) : undefined);
  const base = { refId: 'A', ...before, version: QUERY_VERSION, question, application, page };
  return { ...withQuestion(base, question), ...fields };
}

export function QueryHelp({ datasource, query, onClickExample }: QueryEditorHelpProps<RumQuery>) {
  const styles = useStyles2(getStyles);
  const [problem, setProblem] = useState('');
  const ask = async (name: Name) => {
    setProblem('');
    try {
      onClickExample(await filledIn(name, datasource as unknown as RumDataSource, query ?? {}));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className={styles.box}>
      <h4>{text.help}</h4>
      <ul className={styles.list}>
        {NAMES.map((name) => (
          <li key={name}>
            <Button size="sm" variant="secondary" fill="text" onClick={() => void ask(name)}>
              {text.examples[name]}
            </Button>
            <span className={styles.title}>{text.titles[EXAMPLES[name].question]}</span>
          </li>
        ))}
      </ul>
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ padding: theme.spacing(1) }),
  list: css({ listStyle: 'none', '& li': { display: 'flex', alignItems: 'center', gap: theme.spacing(1) } }),
  title: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
