// What the query editor and the settings say. Chinese is in text.zh.ts.

import { TITLES, type ActionKey, type EventKind, type Fill, type Measure, type QuestionName } from '../contract/query';
import type { ControlName } from './questions';
import type { ListName } from './types';

/** A control's name, and what it means where that is not plain. */
interface Label {
  label: string;
  tooltip?: string;
}

const titles: Record<QuestionName, string> = TITLES;

const descriptions: Record<QuestionName, string> = {
  heat: 'Where on the page people click, for the heatmap panel',
  actions: 'Elements by clicks, with signals and their place on the page',
  action: 'Rank, users, signals and what people do next',
  scroll: 'How far down the page views scroll',
  page_stats: 'Clicks, signals, visits, rank, time and errors of a page, in one row',
  pages: 'Pages of an application by visits, clicks or rage',
  timeseries: 'A count or a ratio over time, for graphs and alert rules',
  replays: 'The latest sessions, with the moment of the click',
  moments: 'What happened in one session: pages, clicks with their signals, errors',
  requests: 'The requests that clicks caused: address, failures, duration, trace',
  errors: 'The errors that clicks caused or pages raised: message, stack, request, trace',
  effect: 'What a release changed, per element and page, with intervals and evidence',
  friction: 'Time to react, INP, dead, rage and error clicks and requests per element, with intervals',
  slow: 'The slowest elements or pages by INP, with the script and the long task behind them',
  funnel: 'How many sessions get from step to step',
  annotations: 'First visit with a version, and bursts of rage',
  zone: 'Clicks, users and signals in an element or a rectangle, and the share of those who saw it; for alerts',
  operations: 'What arrives, what is dropped, the spool and the answer times of the server itself',
};

const controls: Record<ControlName, Label> = {
  application: { label: 'Application' },
  page: { label: 'Page', tooltip: 'The key that views are grouped by' },
  filters: { label: 'Filters' },
  width: { label: 'Width', tooltip: 'Width of the window, both ends included' },
  signal: { label: 'Signal', tooltip: 'Only clicks with this sign of frustration' },
  metric: { label: 'Count' },
  background: { label: 'Background', tooltip: 'The id of a picture; "auto" takes the one that shows most clicks' },
  inline_picture: {
    label: 'Public picture',
    tooltip: 'Public dashboards show the page, too: their visitors cannot load the picture, so the answer brings it',
  },
  in_public: {
    label: 'Public values',
    tooltip: 'Public dashboards have no variables. There, the query is asked with these values instead',
  },
  cell: { label: 'Cell', tooltip: 'Side of a cell in px' },
  limit: { label: 'Limit' },
  by: { label: 'Split by' },
  order: { label: 'Order' },
  search: { label: 'Search' },
  measure: { label: 'Measure' },
  resources: { label: 'Requests', tooltip: 'Calls only, or also files that were loaded' },
  facet: { label: 'Compare by', tooltip: 'What distinguishes the two groups of sessions' },
  before: { label: 'Before', tooltip: 'Empty: the version before the latest' },
  after: { label: 'After', tooltip: 'Empty: the latest version' },
  fill: { label: 'Gaps', tooltip: 'What an interval without data is' },
  session: { label: 'Session', tooltip: 'The id of a session' },
  element: { label: 'Element' },
  action_name: { label: 'Action name' },
  target: { label: 'Target', tooltip: 'A page or an element: the share of sessions that get there' },
  steps: { label: 'Steps' },
  zone: { label: 'Zone', tooltip: 'Its name, for labels and legends' },
  area: {
    label: 'Rectangle',
    tooltip: 'If no element is chosen: px of the background. A zone on the heatmap page shows them',
  },
  number: { label: 'Number', tooltip: 'One number, as alert rules take it; or all of them as a table' },
  kinds: { label: 'Events' },
};

/** Controls that mean another thing for one question than for the others. */
const otherwise: Partial<Record<QuestionName, Partial<Record<ControlName, Label>>>> = {
  friction: { by: { label: 'Measure' } },
  slow: { by: { label: 'Rows are' } },
  actions: { by: { label: 'Rows are' } },
};

const measures: Record<Measure, string> = {
  clicks: 'Clicks',
  actions: 'Actions',
  views: 'Views',
  users: 'Users',
  sessions: 'Sessions',
  errors: 'Page errors',
  rage: 'Rage clicks',
  dead: 'Dead clicks',
  error: 'Error clicks',
  rage_ratio: 'Rage ratio',
  dead_ratio: 'Dead ratio',
  error_ratio: 'Error ratio',
  session_end_ratio: 'Session end ratio',
  page_time: 'Time on page',
  versions: 'Versions',
  last_action: 'Moment of the latest action',
};

const lists: Record<ListName, string> = {
  applications: 'Applications',
  pages: 'Pages',
  facets: 'Facets',
  values: 'Values of a facet',
  elements: 'Elements',
};

export const english = {
  question: 'Question',
  needed: (label: string) => `${label}: needed`,
  titles,
  descriptions,
  controls,
  otherwise,
  choices: {
    measures,
    fills: { zero: 'Zero', null: 'Empty' } as Record<Fill, string>,
    keys: { element: 'Element', action_name: 'Action name' } as Record<ActionKey, string>,
    kinds: { version: 'First visit with a version', rage_burst: 'Bursts of rage' } as Record<EventKind, string>,
    friction: {
      all: 'All measures',
      p75_ms: 'Time to react',
      inp_ms: 'INP',
      dead: 'Dead clicks',
      rage: 'Rage clicks',
      error: 'Errors',
      request_ms: 'Slowest request',
      request_failures: 'Failed requests',
    },
    slow: { element: 'Elements', page: 'Pages' },
    resources: { calls: 'Calls', all: 'Calls and files' },
    table: 'All, as a table',
    deadLetters: 'Dead letters',
    splits: { none: 'One series', page: 'Page', element: 'Element', action_name: 'Action name' },
    steps: { page: 'Visits the page', element: 'Clicks the element', action_name: 'Does the action' },
    widths: { all: 'All widths', custom: 'Custom' },
  },
  /** Values whose name in English is the value itself. */
  values: {} as Partial<Record<string, string>>,
  placeholders: {
    background: 'auto',
    cell: '8',
    limit: 'default',
    search: 'part of the page key',
    session: 'id',
    action_name: 'if no element is chosen',
    target: 'page or element',
    zone: 'name',
    application: 'Choose an application',
    page: 'All pages',
    element: 'Any element',
    facet: 'Facet',
    value: 'Value',
    values: 'Values',
    min: 'from px',
    max: 'to px',
  },
  sides: { left: 'left', top: 'top', width: 'width', height: 'height' },
  empty: '(empty)',
  help: 'Example questions',
  examples: {
    heat: 'Where do people click on the page?',
    scroll: 'How far down do they get?',
    rage: 'Which pages make people rage, and since when?',
    elements: 'Which elements make people rage?',
    friction: 'What is slow, dead or broken for them?',
    errors: 'Which errors do clicks cause?',
    requests: 'Which requests do clicks cause, and where are their traces?',
    effect: 'What did the latest release change?',
  },
  condition: 'Condition',
  removeCondition: 'Remove the condition',
  step: 'Step',
  removeStep: (number: number) => `Remove step ${number}`,
  publicDefaults: 'the default application and its most visited page',
  takePresent: 'Use the current values',
  list: 'List',
  lists,
  trace: 'Open the trace',
  config: {
    connection: 'Connection',
    url: 'URL',
    urlOf: 'Address at which Grafana’s server reaches Isotherm; browsers do not use it',
    token: 'Token',
    tokenOf: 'The server’s setting `token` (ISOTHERM_TOKEN); not needed while it listens on loopback only',
    timeout: 'Timeout',
    timeoutOf: 'Seconds that an answer may take',
    application: 'Default application',
    applicationOf: 'Used if a query names none',
    traces: 'Traces',
    tracesOf: 'The data source (Tempo, Jaeger, Zipkin, ...) that trace ids lead to',
    none: 'none',
    tls: {
      tlsAuthWithCACert: { label: 'Own authority', tooltip: 'The certificate is signed by an authority of your own' },
      tlsAuth: { label: 'Client certificate', tooltip: 'The server, or a proxy in front of it, requires one' },
      tlsSkipVerify: { label: 'Skip verification', tooltip: 'Anyone in between can then read the token' },
    },
  },
};

export type SourceText = typeof english;
