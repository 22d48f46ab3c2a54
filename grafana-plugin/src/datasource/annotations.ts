// Deploys and bursts of rage on the time axis.
import { AnnotationEventFieldSource, type AnnotationQuery, type AnnotationSupport } from '@grafana/data';

import { migrateQuery } from './migrate';
import { QUESTIONS } from './questions';
import { QUERY_VERSION, type RumQuery } from './types';

/** Grafana looks for `timeEnd` by itself; our field has the name it has in every other answer. */
const END = { timeEnd: { source: AnnotationEventFieldSource.Field, value: 'time_end' } };

export const annotationSupport: AnnotationSupport<RumQuery> = {
  prepareAnnotation: (saved: AnnotationQuery<RumQuery>) => ({ ...saved, mappings: { ...END, ...saved.mappings } }),
  prepareQuery: ({ target }) => target && migrateQuery(target),
  getDefaultQuery: () => ({ ...QUESTIONS.annotations.defaults, question: 'annotations', version: QUERY_VERSION }),
};
