// Which control edits which parameter, and what it is called.
import type { ComponentType } from 'react';

import type { QuestionName } from '../../contract/query';
import type { ControlName } from '../questions';
import type { ControlProps } from './control';
import { FiltersControl } from './FiltersControl';
import { FacetControl, groupControl } from './groups';
import { InPublicControl } from './InPublicControl';
import { AreaControl } from './AreaControl';
import { ApplicationControl, ElementControl, PageControl, SplitControl } from './pickers';
import { choiceControl, InlinePictureControl, KindsControl, numberControl, RowsByControl, textControl } from './simple';
import { StepsControl } from './StepsControl';
import { WidthControl } from './WidthControl';

interface Control {
  label: string;
  tooltip?: string;
  component: ComponentType<ControlProps>;
}

const CONTROLS: Record<ControlName, Control> = {
  application: { label: 'Application', component: ApplicationControl },
  page: { label: 'Page', tooltip: 'The key that views are grouped by', component: PageControl },
  filters: { label: 'Filters', component: FiltersControl },
  width: { label: 'Width', tooltip: 'Width of the window, both ends included', component: WidthControl },
  signal: {
    label: 'Signal',
    tooltip: 'Only clicks with this sign of frustration',
    component: choiceControl('signal', 'signal'),
  },
  metric: { label: 'Count', component: choiceControl('metric', 'metric') },
  background: {
    label: 'Background',
    tooltip: 'The id of a picture; "auto" takes the one that shows most clicks',
    component: textControl('background', 'auto'),
  },
  inline_picture: {
    label: 'Public picture',
    tooltip: 'Public dashboards show the page, too: their visitors cannot load the picture, so the answer brings it',
    component: InlinePictureControl,
  },
  in_public: {
    label: 'Public values',
    tooltip: 'Public dashboards have no variables. There, the query is asked with these values instead',
    component: InPublicControl,
  },
  cell: { label: 'Cell', tooltip: 'Side of a cell in px', component: numberControl('cell', '8') },
  limit: { label: 'Limit', component: numberControl('limit', 'default') },
  by: { label: 'Split by', component: SplitControl },
  order: { label: 'Order', component: choiceControl('order', 'order') },
  search: { label: 'Search', component: textControl('search', 'part of the page key') },
  measure: { label: 'Measure', component: choiceControl('measure', 'measure') },
  resources: {
    label: 'Requests',
    tooltip: 'Calls only, or also files that were loaded',
    component: choiceControl('resources', 'resources'),
  },
  facet: { label: 'Compare by', tooltip: 'What tells the two groups of sessions apart', component: FacetControl },
  before: { label: 'Before', tooltip: 'Empty: the version before the latest', component: groupControl('before') },
  after: { label: 'After', tooltip: 'Empty: the latest version', component: groupControl('after') },
  fill: { label: 'Gaps', tooltip: 'What an interval without data is', component: choiceControl('fill', 'fill') },
  session: { label: 'Session', tooltip: 'The id of a session', component: textControl('session', 'id') },
  element: { label: 'Element', component: ElementControl },
  action_name: { label: 'Action name', component: textControl('action_name', 'if no element is chosen') },
  target: {
    label: 'Target',
    tooltip: 'A page or an element: the share of sessions that get there',
    component: textControl('target', 'page or element'),
  },
  steps: { label: 'Steps', component: StepsControl },
  zone: { label: 'Zone', tooltip: 'Its name, for labels and legends', component: textControl('zone', 'name') },
  area: {
    label: 'Rectangle',
    tooltip: 'If no element is chosen: px of the background. A zone on the heatmap page says them',
    component: AreaControl,
  },
  number: {
    label: 'Number',
    tooltip: 'One number, as alert rules take it; or all of them as a table',
    component: choiceControl('number', 'number'),
  },
  kinds: { label: 'Events', component: KindsControl },
};

/** Controls that mean another thing for one question than for the others. */
const OTHERWISE: Partial<Record<QuestionName, Partial<Record<ControlName, Control>>>> = {
  friction: { by: { label: 'Measure', component: choiceControl('by', 'hurt') } },
  slow: { by: { label: 'Rows are', component: choiceControl('by', 'slow') } },
  actions: { by: { label: 'Rows are', component: RowsByControl } },
  operations: { measure: { label: 'Measure', component: choiceControl('measure', 'operation') } },
};

export function controlOf(question: QuestionName, name: ControlName): Control {
  return OTHERWISE[question]?.[name] ?? CONTROLS[name];
}
