// The questions as the editor offers them: one row each, naming the controls that it needs.
import type { Params, QuestionName, ScopeFields } from '../contract/query';
import type { QueryParams } from './types';

export type ControlName = keyof QueryParams;

export interface QuestionForm {
  /** In the order of the screen. */
  controls: readonly ControlName[];
  /** Without these the question is not sent. */
  needs: readonly ControlName[];
  defaults: QueryParams;
}

/** A form with no control for what its question does not take. */
type FormOf<Q extends QuestionName> = QuestionForm & {
  controls: ReadonlyArray<keyof ScopeFields | keyof Params[Q] | 'inline_picture' | 'in_public'>;
};

const SCOPE = ['application', 'page', 'filters', 'width', 'signal'] as const satisfies readonly ControlName[];

export const QUESTIONS: Record<QuestionName, QuestionForm> = {
  heat: {
    controls: [...SCOPE, 'metric', 'background', 'cell', 'inline_picture', 'in_public'],
    needs: ['application', 'page'],
    defaults: { background: 'auto', inline_picture: true },
  },
  actions: {
    controls: [...SCOPE, 'by', 'limit', 'background', 'in_public'],
    needs: ['application'],
    defaults: { limit: 100, by: 'element', background: 'auto' },
  },
  action: {
    controls: [...SCOPE, 'element', 'action_name', 'target', 'in_public'],
    needs: ['application'],
    defaults: {},
  },
  scroll: {
    controls: ['application', 'page', 'filters', 'width', 'background', 'inline_picture', 'in_public'],
    needs: ['application', 'page'],
    defaults: { background: 'auto', inline_picture: true },
  },
  page_stats: {
    controls: ['application', 'page', 'filters', 'width', 'in_public'],
    needs: ['application'],
    defaults: {},
  },
  pages: {
    controls: ['application', 'filters', 'width', 'search', 'order', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { order: 'views', limit: 20 },
  },
  timeseries: {
    controls: [...SCOPE, 'measure', 'by', 'limit', 'fill', 'in_public'],
    needs: ['application'],
    defaults: { measure: 'clicks', limit: 10, fill: 'zero' },
  },
  replays: {
    controls: [...SCOPE, 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 10 },
  },
  moments: {
    controls: ['application', 'session', 'limit', 'in_public'],
    needs: ['application', 'session'],
    defaults: { limit: 2000 },
  },
  requests: {
    controls: [...SCOPE, 'element', 'action_name', 'resources', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 50, resources: 'calls' },
  },
  errors: {
    controls: [...SCOPE, 'element', 'action_name', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 50 },
  },
  effect: {
    controls: ['application', 'page', 'filters', 'width', 'facet', 'before', 'after', 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 300 },
  },
  friction: {
    controls: ['application', 'page', 'filters', 'width', 'by', 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 1000 },
  },
  slow: {
    controls: ['application', 'page', 'filters', 'width', 'by', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { by: 'element', limit: 20 },
  },
  funnel: {
    controls: ['application', 'filters', 'width', 'steps', 'in_public'],
    needs: ['application', 'steps'],
    defaults: { steps: [] },
  },
  annotations: {
    controls: ['application', 'page', 'filters', 'kinds'],
    needs: ['application'],
    defaults: { kinds: ['version', 'rage_burst'] },
  },
  zone: {
    controls: [...SCOPE, 'zone', 'element', 'area', 'background', 'number', 'in_public'],
    needs: ['application', 'page'],
    defaults: { number: 'clicks' },
  },
  operations: {
    controls: ['measure'],
    needs: [],
    defaults: { measure: 'received' },
  },
} satisfies { [Q in QuestionName]: FormOf<Q> };
