// Saved queries of any age to the present shape.
import type { DataQuery } from '@grafana/schema';

import { QUESTION_NAMES, type QuestionName } from '../contract/query';
import { QUESTIONS } from './questions';
import { QUERY_VERSION, type RumQuery } from './types';

/** The query was saved by a later version of the plugin. */
export class TooNewError extends Error {}

const isQuestion = (name: unknown): name is QuestionName => QUESTION_NAMES.some((known) => known === name);

/** A new query for a question, keeping what both questions ask for. */
export function withQuestion(query: RumQuery, question: QuestionName): RumQuery {
  const { controls, defaults } = QUESTIONS[question];
  const { refId, datasource, hide } = query;
  const kept = Object.fromEntries(
    controls.map((name) => [name, query[name]]).filter(([, value]) => value !== undefined)
  );
  // What these two may be differs from question to question.
  delete kept.by;
  delete kept.measure;
  return { refId, datasource, hide, ...defaults, ...kept, version: QUERY_VERSION, question };
}

const USED_UP = { expression: undefined };

/** A query in the one key that Grafana's form of a new alert rule leaves to data sources it does not know. */
export const asExpression = (query: object): string => JSON.stringify(query);

/**
 * What `asExpression` has put away, in the place of what the form has made of the rest. The form lays what an editor
 * changes over what was there: the key is overwritten, else it would be unpacked again, over every change, for ever.
 */
function unpacked(saved: DataQuery & Partial<RumQuery> & { expression?: unknown }): DataQuery & Partial<RumQuery> {
  const { refId, datasource, expression } = saved;
  if (typeof expression !== 'string' || !expression.startsWith('{')) {
    return saved;
  }
  try {
    const query = JSON.parse(expression) as Partial<RumQuery>;
    return { ...query, refId, datasource, ...USED_UP };
  } catch {
    return saved; // not one of ours; the server says what it thinks of it
  }
}

/** Throws TooNewError: to change what one does not understand would lose it. */
export function migrateQuery(given: DataQuery & Partial<RumQuery>): RumQuery {
  const saved = unpacked(given);
  const version = saved.version ?? 0;
  if (version > QUERY_VERSION) {
    throw new TooNewError(
      `Query ${saved.refId} was saved by a newer version of the plugin (its form is ${version}, this one knows up to ${QUERY_VERSION}). Update the plugin.`
    );
  }
  if (isQuestion(saved.question) && version === QUERY_VERSION) {
    return saved as RumQuery;
  }
  const question = isQuestion(saved.question) ? saved.question : 'heat';
  return { ...QUESTIONS[question].defaults, ...saved, question, version: QUERY_VERSION };
}
