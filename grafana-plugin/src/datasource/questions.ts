// The questions as the editor offers them: one row each, naming the controls that it needs.
import type { QuestionName } from '../contract/query';
import type { QueryParams } from './types';

export type ControlName = keyof QueryParams;

export interface QuestionForm {
  label: string;
  description: string;
  /** In the order of the screen. */
  controls: readonly ControlName[];
  /** Without these the question is not sent. */
  needs: readonly ControlName[];
  defaults: QueryParams;
}

const SCOPE = ['application', 'page', 'filters', 'width', 'signal'] as const satisfies readonly ControlName[];

export const QUESTIONS: { [Q in QuestionName]: QuestionForm } = {
  heat: {
    label: 'Heat',
    description: 'Where on the page people click, for the heatmap panel',
    controls: [...SCOPE, 'metric', 'background', 'cell', 'inline_picture', 'in_public'],
    needs: ['application', 'page'],
    defaults: { background: 'auto', inline_picture: true },
  },
  actions: {
    label: 'Top actions',
    description: 'Elements by clicks, with signals and their place on the page',
    controls: [...SCOPE, 'by', 'limit', 'background', 'in_public'],
    needs: ['application'],
    defaults: { limit: 100, by: 'element', background: 'auto' },
  },
  action: {
    label: 'One action',
    description: 'Rank, users, signals and what people do next',
    controls: [...SCOPE, 'element', 'action_name', 'target', 'in_public'],
    needs: ['application'],
    defaults: {},
  },
  scroll: {
    label: 'Scroll depth',
    description: 'What share of the views gets how far down',
    controls: ['application', 'page', 'filters', 'width', 'background', 'inline_picture', 'in_public'],
    needs: ['application', 'page'],
    defaults: { background: 'auto', inline_picture: true },
  },
  page_stats: {
    label: 'Page statistics',
    description: 'Clicks, signals, visits, rank, time and errors of a page, in one row',
    controls: ['application', 'page', 'filters', 'width', 'in_public'],
    needs: ['application'],
    defaults: {},
  },
  pages: {
    label: 'Pages',
    description: 'Pages of an application by visits, clicks or rage',
    controls: ['application', 'filters', 'width', 'search', 'order', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { order: 'views', limit: 20 },
  },
  timeseries: {
    label: 'Time series',
    description: 'A count or a ratio over time, for graphs and alert rules',
    controls: [...SCOPE, 'measure', 'by', 'limit', 'fill', 'in_public'],
    needs: ['application'],
    defaults: { measure: 'clicks', limit: 10, fill: 'zero' },
  },
  replays: {
    label: 'Sessions',
    description: 'The latest sessions, with the moment of the click',
    controls: [...SCOPE, 'element', 'limit', 'in_public'],
    needs: ['application'],
    defaults: { limit: 10 },
  },
  funnel: {
    label: 'Funnel',
    description: 'How many sessions get from step to step',
    controls: ['application', 'filters', 'width', 'steps', 'in_public'],
    needs: ['application', 'steps'],
    defaults: { steps: [] },
  },
  annotations: {
    label: 'Events',
    description: 'First visit with a version, and bursts of rage',
    controls: ['application', 'page', 'filters', 'kinds'],
    needs: ['application'],
    defaults: { kinds: ['version', 'rage_burst'] },
  },
  operations: {
    label: 'Operation of Isotherm',
    description: 'What arrives, what is dropped, the spool and the answer times of the server itself',
    controls: ['measure'],
    needs: [],
    defaults: { measure: 'received' },
  },
};
