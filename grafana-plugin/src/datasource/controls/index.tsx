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
import { choiceControl, InlinePictureControl, KindsControl, numberControl, textControl } from './simple';
import { StepsControl } from './StepsControl';
import { text } from '../text';
import { WidthControl } from './WidthControl';

interface Control {
  label: string;
  tooltip?: string;
  component: ComponentType<ControlProps>;
}

const CONTROLS: Record<ControlName, ComponentType<ControlProps>> = {
  application: ApplicationControl,
  page: PageControl,
  filters: FiltersControl,
  width: WidthControl,
  signal: choiceControl('signal', 'signal'),
  metric: choiceControl('metric', 'metric'),
  background: textControl('background'),
  inline_picture: InlinePictureControl,
  in_public: InPublicControl,
  cell: numberControl('cell'),
  limit: numberControl('limit'),
  by: SplitControl,
  order: choiceControl('order', 'order'),
  search: textControl('search'),
  measure: choiceControl('measure', 'measure'),
  resources: choiceControl('resources', 'resources'),
  facet: FacetControl,
  before: groupControl('before'),
  after: groupControl('after'),
  fill: choiceControl('fill', 'fill'),
  session: textControl('session'),
  element: ElementControl,
  action_name: textControl('action_name'),
  target: textControl('target'),
  steps: StepsControl,
  zone: textControl('zone'),
  area: AreaControl,
  number: choiceControl('number', 'number'),
  kinds: KindsControl,
};

/** Controls that offer another thing for one question than for the others. */
const OTHERWISE: Partial<Record<QuestionName, Partial<Record<ControlName, ComponentType<ControlProps>>>>> = {
  friction: { by: choiceControl('by', 'friction') },
  slow: { by: choiceControl('by', 'slow') },
  actions: { by: choiceControl('by', 'keys') },
  operations: { measure: choiceControl('measure', 'operations') },
};

export function controlOf(question: QuestionName, name: ControlName): Control {
  const words = text.otherwise[question]?.[name] ?? text.controls[name];
  return { ...words, component: OTHERWISE[question]?.[name] ?? CONTROLS[name] };
}
