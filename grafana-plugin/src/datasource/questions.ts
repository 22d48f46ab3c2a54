// The questions as the editor offers them: one row each, naming the controls that it needs.
import type { Params, QuestionName, ScopeFields } from '../contract/query';
import type { QueryParams } from './types';

export type ControlName = keyof QueryParams;

export interface QuestionForm {
  description: string;
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
    description: 'Where on the page people click, for the heatmap panel',
    controls: [...SCOPE, 'metric', 'background', 'cell', 'inline_picture', 'in_public'],
    needs: ['application', 'page'],
    defaults: { background: 'auto', inline_picture: true },
  },
  actions: {
    description: 'Elements by clicks, with signals and their place on the page',
    controls: [...SCOPE, 'by', 'limit', 'background', 'in_public'],
    needs: ['application'],
    defaults: { limit: 100, by: 'element', background: 'auto' },
  },
  action: {
    description: 'Rank, users, signals and what people do next',
    controls: [...SCOPE, 'element', 'action_name', 'target', 'in_public'],
    needs: ['application'],
    defaults: {},
  },
  scroll: {
    description: 'What share of the views gets how far down',
    controls: ['application', 'page', 'filters', 'width', 'background', 'inline_picture', 'in_public'],
    needs: ['application', 'page'],
    defaults: { background: 'auto', inline_picture: true },
  },
  page_stats: {
    description: 'Clicks, signals, visits, rank, time and errors of a page, in one row',
    controls: ['application', 'page', 'filters', 'width', 'in_public'],
    needs: ['application'],
    defaults: {},
  },
  pages: {
    description: 'Pages of an application by visits, clicks or rage',
    controls: ['application', 'filters', 'width', 'search', 'order', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { order: 'views', limit: 20 },
  },
  timeseries: {
    description: 'A count or a ratio over time, for graphs and alert rules',
    controls: [...SCOPE, 'measure', 'by', 'limit', 'fill', 'in_public'],
    needs: ['application'],
    defaults: { measure: 'clicks', limit: 10, fill: 'zero' },
  },
  replays: {
    description: 'The latest sessions, with the moment of the click',
    controls: [...SCOPE, 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 10 },
  },
  moments: {
    description: 'What happened in one session: pages, clicks with their signals, errors',
    controls: ['application', 'session', 'limit', 'in_public'],
    needs: ['application', 'session'],
    defaults: { limit: 2000 },
  },
  requests: {
    description: 'The requests that clicks caused: address, failures, duration, trace',
    controls: [...SCOPE, 'element', 'action_name', 'resources', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 50, resources: 'calls' },
  },
  errors: {
    description: 'The errors that clicks caused or pages raised: message, stack, request, trace',
    controls: [...SCOPE, 'element', 'action_name', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 50 },
  },
  effect: {
    description: 'What a release changed, per element and page, with intervals and evidence',
    controls: ['application', 'page', 'filters', 'width', 'facet', 'before', 'after', 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 300 },
  },
  friction: {
    description: 'Time to react, INP, dead, rage and error clicks and requests per element, with intervals',
    controls: ['application', 'page', 'filters', 'width', 'by', 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 1000 },
  },
  slow: {
    description: 'The slowest elements or pages by INP, with the script and the long task behind them',
    controls: ['application', 'page', 'filters', 'width', 'by', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { by: 'element', limit: 20 },
  },
  funnel: {
    description: 'How many sessions get from step to step',
    controls: ['application', 'filters', 'width', 'steps', 'in_public'],
    needs: ['application', 'steps'],
    defaults: { steps: [] },
  },
  annotations: {
    description: 'First visit with a version, and bursts of rage',
    controls: ['application', 'page', 'filters', 'kinds'],
    needs: ['application'],
    defaults: { kinds: ['version', 'rage_burst'] },
  },
  zone: {
    description:
      'Clicks, users and signals in an element or a rectangle, and the share of those who saw it; for alerts',
    controls: [...SCOPE, 'zone', 'element', 'area', 'background', 'number', 'in_public'],
    needs: ['application', 'page'],
    defaults: { number: 'clicks' },
  },
  operations: {
    description: 'What arrives, what is dropped, the spool and the answer times of the server itself',
    controls: ['measure'],
    needs: [],
    defaults: { measure: 'received' },
  },
} satisfies { [Q in QuestionName]: FormOf<Q> };
