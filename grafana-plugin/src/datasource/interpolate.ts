// Variables in queries: every field, by a table, so that a new field cannot be forgotten.
import type { AdHocVariableFilter, ScopedVars } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';

import { OPERATORS, type FacetFilter, type Operator } from '../contract/query';
import type { NumberText, QueryParams, RumQuery, StepText } from './types';

type Replace = Pick<TemplateSrv, 'replace'>;

/** How newer Grafanas write "one of" in ad hoc filters. */
const ONE_OF: Record<string, Operator> = { '=|': 'in', '!=|': 'not in' };

const WHOLE_VARIABLE = /^(\$\w+|\$\{\w+(:\w+)?\}|\[\[\w+(:\w+)?\]\])$/;

export interface Variables {
  /** The text with its variables replaced; several values are joined by commas. */
  text(text: string): string;
  /** The values of a text that is one variable, else the text itself. */
  values(text: string): string[];
}

export function variablesOf(templates: Replace, scopedVars: ScopedVars): Variables {
  return {
    text: (text) => templates.replace(text, scopedVars, 'csv'),
    values: (text) => {
      const found: string[] = [];
      const collect = (value: unknown) => {
        found.push(...(Array.isArray(value) ? value : [value]).map(String));
        return found.join(',');
      };
      const replaced = templates.replace(text, scopedVars, collect);
      return WHOLE_VARIABLE.test(text.trim()) && found.length ? found : [replaced];
    },
  };
}

function numberOf(value: NumberText | undefined, variables: Variables): NumberText | undefined {
  if (value === undefined || typeof value === 'number') {
    return value;
  }
  const text = variables.text(value).trim();
  const number = Number(text);
  // A text that is no number is sent as it is: the backend's message names the field.
  return text === '' ? undefined : Number.isNaN(number) ? text : number;
}

function filterOf(filter: FacetFilter, variables: Variables): FacetFilter {
  const given = filter.values ?? (filter.value === undefined ? [] : [filter.value]);
  const values = given.flatMap((value) => variables.values(value));
  const { operator } = filter;
  const key = variables.text(filter.key);
  if (operator === 'in' || operator === 'not in') {
    return { key, operator, values };
  }
  if (values.length > 1 && (operator === '=' || operator === '!=')) {
    return { key, operator: operator === '=' ? 'in' : 'not in', values };
  }
  if (values.length > 1) {
    return { key, operator, value: values.map((value) => `(?:${value})`).join('|') };
  }
  return { key, operator, value: values[0] ?? '' };
}

function adHocFilter(filter: AdHocVariableFilter): FacetFilter {
  const operator = ONE_OF[filter.operator] ?? OPERATORS.find((known) => known === filter.operator) ?? '=';
  return operator === 'in' || operator === 'not in'
    ? { key: filter.key, operator, values: filter.values ?? [filter.value] }
    : { key: filter.key, operator, value: filter.value };
}

const isEqual = ({ operator }: FacetFilter): boolean => operator === '=' || operator === 'in';
const valuesOf = ({ value, values }: FacetFilter): string[] => values ?? [value ?? ''];

/** One condition for each field that filters are to be equal on: any of the values, as the server reads them. */
function anyOf(filters: readonly FacetFilter[]): FacetFilter[] {
  return filters.flatMap((filter, at) => {
    const same = filters.filter((other) => isEqual(filter) && isEqual(other) && other.key === filter.key);
    if (same.length < 2) {
      return [filter];
    }
    const merged = { key: filter.key, operator: 'in' as const, values: [...new Set(same.flatMap(valuesOf))] };
    return filters.indexOf(same[0]) === at ? [merged] : [];
  });
}

/** What a dashboard's ad hoc filters leave of a query's own: they narrow it, and never let more in. */
function narrowed(own: readonly FacetFilter[], adHoc: readonly FacetFilter[]): FacetFilter[] {
  const [given, more] = [anyOf(own), anyOf(adHoc)];
  const meets = (one: FacetFilter) => given.find((other) => isEqual(one) && isEqual(other) && other.key === one.key);
  return [
    ...given.map((one): FacetFilter => {
      const other = more.find((candidate) => meets(candidate) === one);
      const both = other && valuesOf(one).filter((value) => valuesOf(other).includes(value));
      return both ? { key: one.key, operator: 'in', values: both } : one;
    }),
    ...more.filter((one) => !meets(one)),
  ];
}

function stepOf(step: StepText, variables: Variables): StepText {
  return Object.fromEntries(
    Object.entries(step).map(([key, value]) => [key, variables.text(value)])
  ) as unknown as StepText;
}

const text = (value: string | undefined, variables: Variables) => value && variables.text(value);

type Interpolators = {
  [K in keyof Required<QueryParams>]: (value: QueryParams[K], variables: Variables) => QueryParams[K];
};

const INTERPOLATORS: Interpolators = {
  application: text,
  page: text,
  filters: (filters, variables) => filters?.filter(({ key }) => key).map((filter) => filterOf(filter, variables)),
  width: (width, variables) => width && { min: numberOf(width.min, variables), max: numberOf(width.max, variables) },
  signal: text,
  metric: text,
  background: text,
  // A browser with a session loads the picture by its address. Public dashboards are asked on the server, from the saved
  // query, and keep it.
  inline_picture: () => undefined,
  in_public: () => undefined,
  cell: numberOf,
  limit: numberOf,
  by: text,
  order: text,
  search: text,
  measure: text,
  fill: text,
  resources: text,
  session: text,
  element: text,
  action_name: text,
  target: text,
  facet: text,
  before: (values, variables) => values?.flatMap((value) => variables.values(value)),
  after: (values, variables) => values?.flatMap((value) => variables.values(value)),
  steps: (steps, variables) => steps?.map((step) => stepOf(step, variables)),
  zone: text,
  area: (area, variables) =>
    area && {
      left: numberOf(area.left, variables),
      top: numberOf(area.top, variables),
      width: numberOf(area.width, variables),
      height: numberOf(area.height, variables),
    },
  number: text,
  kinds: (kinds, variables) => kinds?.flatMap((kind) => variables.values(kind)),
};

function interpolateField<K extends keyof QueryParams>(query: RumQuery, key: K, variables: Variables): QueryParams[K] {
  return INTERPOLATORS[key](query[key], variables);
}

/** A query as the backend wants it: variables replaced, a page of several values as `pages`, ad hoc filters added. */
export function interpolateQuery(
  query: RumQuery,
  templates: Replace,
  scopedVars: ScopedVars,
  adHoc: AdHocVariableFilter[] = []
): RumQuery & { pages?: string[] } {
  const variables = variablesOf(templates, scopedVars);
  const keys = Object.keys(INTERPOLATORS) as Array<keyof QueryParams>;
  const changed = Object.fromEntries(
    keys.filter((key) => query[key] !== undefined).map((key) => [key, interpolateField(query, key, variables)])
  );
  const own = (changed.filters as FacetFilter[] | undefined) ?? [];
  const filters = adHoc.length ? narrowed(own, adHoc.map(adHocFilter)) : own;
  const pages = query.page ? variables.values(query.page) : [];
  return {
    ...query,
    ...changed,
    ...(filters.length ? { filters } : {}),
    ...(pages.length > 1 ? { page: undefined, pages } : {}),
  };
}
