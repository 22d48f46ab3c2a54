// The maps that an answer can be drawn as, which Grafana (from 13 on) offers beside its own panels.
import { VisualizationSuggestionScore, type DataFrame } from '@grafana/data';

import { MAPS } from '../workspace/state';
import type { PanelOptions } from './options';
import { prepare } from './prepare';
import { text } from './text';

interface Suggestion {
  name: string;
  options: Partial<PanelOptions>;
  score: VisualizationSuggestionScore;
  cardOptions: { previewModifier: (suggestion: { options?: Partial<PanelOptions> }) => void };
}

/** What a card has no room for. */
const SMALL: Partial<PanelOptions> = { zoom: 'page', legend: false, coverage: false, fold: false };

/** `summary` is Grafana's PanelDataSummary; the types of 12.3 do not have its `rawFrames` yet. */
export function suggestions({ rawFrames = [] }: { rawFrames?: DataFrame[] }): Suggestion[] {
  return MAPS.filter((map) => prepare(rawFrames, map).map === map).map((map) => ({
    name: text.labels[map],
    options: { map },
    score: VisualizationSuggestionScore.Best,
    cardOptions: {
      previewModifier: (suggestion) => {
        suggestion.options = { ...suggestion.options, ...SMALL };
      },
    },
  }));
}
