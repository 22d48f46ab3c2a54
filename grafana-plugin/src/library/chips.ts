// What narrows the scope of a saved heatmap, in words.

import { filterWords } from '../workspace/filterWords';
import { bandName } from '../contract/widthBands';
import type { WorkspaceState } from '../workspace/state';
import { text } from '../workspace/text';

export function chipsOf(state: WorkspaceState): string[] {
  const band = bandName(state.width);
  return [
    text.maps[state.map],
    state.to === 'now' ? (text.time.quick[state.from] ?? state.from) : '',
    ...state.filters.map(filterWords),
    band === 'all'
      ? ''
      : band === 'custom'
        ? text.width.customOf(String(state.width.min ?? ''), String(state.width.max ?? ''))
        : `${text.width[band]} px`,
    state.signal === 'all' ? '' : text.signal.names[state.signal],
  ].filter(Boolean);
}
