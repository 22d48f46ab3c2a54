// What can be asked of Isotherm, told apart by `question`, as these pages ask it.

import { TITLES, type FilterIn, type Operator, type Params, type Scope } from './generated/queries';

export * from './generated/queries';

/** A condition that somebody chose. `in` and `not in` take `values`, the others `value`. */
export interface FacetFilter extends FilterIn {
  operator: Operator;
  value?: string;
  values?: string[];
}

/** Window width in css px, both ends included; an absent end is open. */
export interface WidthBand {
  min?: number;
  max?: number;
}

/** What every question is asked of; the time range travels beside the queries. */
export interface ScopeFields extends Scope {
  filters?: FacetFilter[];
  width?: WidthBand;
}

export type QuestionName = keyof Params;
export const QUESTION_NAMES = Object.keys(TITLES) as QuestionName[];

/** `operations` is about the server itself, and needs no application. */
type ScopeOf<Q extends QuestionName> = Q extends 'operations' ? Partial<ScopeFields> : ScopeFields;

export type AnyQuery = { [Q in QuestionName]: { question: Q } & ScopeOf<Q> & Params[Q] }[QuestionName];

/** The query of one question. */
export type QueryOf<Q extends QuestionName> = Extract<AnyQuery, { question: Q }>;

/** Where questions are posted to, and the name of the only one in a body. */
export const QUERY_PATH = 'api/v1/query';
export const REF = 'A';

/** What is posted to ask one question. */
export const queryBody = (query: AnyQuery, range: Range) => ({ range, queries: [{ refId: REF, ...query }] });

/** Half-open: [from, to), epoch ms. */
export interface Range {
  from: number;
  to: number;
}

/** Ends an exhaustive switch: a new variant breaks the build here until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`unexpected variant: ${JSON.stringify(value)}`);
}
