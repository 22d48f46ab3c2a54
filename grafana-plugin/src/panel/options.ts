// What can be set on the panel: type, defaults and the rows of the editor together.
import type { PanelOptionsEditorBuilder } from '@grafana/data';

import type { Zoom } from '../heatmap/geometry';
import { PALETTE_NAMES, type PaletteName } from '../heatmap/palette';
import { SCALES, type ScaleName } from '../heatmap/scale';
import { DEFAULT_LOOK, MAPS, type MapType } from '../workspace/state';
import { text as shared } from '../workspace/text';
import { text } from './text';

/** auto: the map that the answers are for. */
export type PanelMap = MapType | 'auto';

export const PANEL_MAPS: readonly PanelMap[] = ['auto', ...MAPS];

export interface PanelOptions {
  map: PanelMap;
  palette: PaletteName;
  /** 0..1 */
  opacity: number;
  /** Page px. */
  radius: number;
  scale: ScaleName;
  /** How strong the picture stays, 0..1; 0 = automatic. */
  picture: number;
  zoom: Zoom;
  legend: boolean;
  coverage: boolean;
  fold: boolean;
  /** How many elements get a number; 0 = none. */
  ranks: number;
}

export const DEFAULTS: PanelOptions = {
  map: 'auto',
  ...DEFAULT_LOOK,
  zoom: 'fit',
  legend: true,
  coverage: true,
  fold: true,
  ranks: 10,
};

/** When the editor is opened: the language is known by then. */
const zooms = (): Array<{ value: Zoom; label: string }> => [
  { value: 'fit', label: shared.zoom.fit },
  { value: 'page', label: shared.zoom.page },
  { value: 1, label: '100 %' },
];

const drawsHeat = ({ map }: PanelOptions) => map === 'clicks' || map === 'auto';

export function addOptions(builder: PanelOptionsEditorBuilder<PanelOptions>) {
  const words = text.options;
  builder
    .addSelect({
      path: 'map',
      name: words.map,
      description: words.mapOf,
      defaultValue: DEFAULTS.map,
      settings: { options: PANEL_MAPS.map((value) => ({ value, label: text.maps[value] })) },
    })
    .addSelect({
      path: 'palette',
      name: words.palette,
      defaultValue: DEFAULTS.palette,
      settings: { options: PALETTE_NAMES.map((value) => ({ value, label: shared.settings.palettes[value] })) },
      showIf: ({ map }) => map !== 'elements',
    })
    .addSliderInput({
      path: 'opacity',
      name: words.opacity,
      defaultValue: DEFAULTS.opacity,
      settings: { min: 0.1, max: 1, step: 0.05 },
      showIf: ({ map }) => map !== 'elements',
    })
    .addSliderInput({
      path: 'radius',
      name: words.radius,
      description: words.radiusOf,
      defaultValue: DEFAULTS.radius,
      settings: { min: 8, max: 80, step: 1 },
      showIf: drawsHeat,
    })
    .addSliderInput({
      path: 'picture',
      name: words.picture,
      description: words.pictureOf,
      defaultValue: DEFAULTS.picture,
      settings: { min: 0, max: 1, step: 0.05 },
      showIf: drawsHeat,
    })
    .addRadio({
      path: 'scale',
      name: words.scale,
      defaultValue: DEFAULTS.scale,
      settings: { options: SCALES.map((value) => ({ value, label: shared.settings.scales[value] })) },
      showIf: drawsHeat,
    })
    .addRadio({ path: 'zoom', name: words.size, defaultValue: DEFAULTS.zoom, settings: { options: zooms() } })
    .addNumberInput({
      path: 'ranks',
      name: words.ranks,
      description: words.ranksOf,
      defaultValue: DEFAULTS.ranks,
      settings: { min: 0, max: 50, integer: true },
      showIf: ({ map }) => map === 'elements',
    })
    .addBooleanSwitch({ path: 'fold', name: words.fold, defaultValue: DEFAULTS.fold })
    .addBooleanSwitch({ path: 'legend', name: words.legend, defaultValue: DEFAULTS.legend })
    .addBooleanSwitch({
      path: 'coverage',
      name: words.coverage,
      description: words.coverageOf,
      defaultValue: DEFAULTS.coverage,
      showIf: ({ map }) => map !== 'scroll',
    });
}
