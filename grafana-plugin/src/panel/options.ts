// What can be set on the panel: type, defaults and the rows of the editor together.
import type { PanelOptionsEditorBuilder } from '@grafana/data';

import type { Zoom } from '../heatmap/geometry';
import { PALETTE_NAMES, type PaletteName } from '../heatmap/palette';
import { SCALES, type ScaleName } from '../heatmap/scale';
import { DEFAULT_LOOK, MAPS, type MapType } from '../workspace/state';
import { text } from '../workspace/text';

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

const MAP_LABELS: Record<PanelMap, string> = { auto: 'Auto', clicks: 'Clicks', elements: 'Elements', scroll: 'Scroll' };
const SCALE_LABELS: Record<ScaleName, string> = { linear: 'Linear', log: 'Logarithmic', quantile: 'Quantile' };
const ZOOMS: Array<{ value: Zoom; label: string }> = [
  { value: 'fit', label: 'Fit width' },
  { value: 'page', label: 'Whole page' },
  { value: 1, label: '100 %' },
];

const drawsHeat = ({ map }: PanelOptions) => map === 'clicks' || map === 'auto';

export function addOptions(builder: PanelOptionsEditorBuilder<PanelOptions>) {
  builder
    .addRadio({
      path: 'map',
      name: 'Map',
      description: 'Auto draws clicks for the question "Heatmap" and depth for "Scroll depth"',
      defaultValue: DEFAULTS.map,
      settings: { options: PANEL_MAPS.map((value) => ({ value, label: MAP_LABELS[value] })) },
    })
    .addSelect({
      path: 'palette',
      name: 'Palette',
      defaultValue: DEFAULTS.palette,
      settings: { options: PALETTE_NAMES.map((value) => ({ value, label: text.settings.palettes[value] })) },
      showIf: ({ map }) => map !== 'elements',
    })
    .addSliderInput({
      path: 'opacity',
      name: 'Opacity',
      defaultValue: DEFAULTS.opacity,
      settings: { min: 0.1, max: 1, step: 0.05 },
      showIf: ({ map }) => map !== 'elements',
    })
    .addSliderInput({
      path: 'radius',
      name: 'Radius',
      description: 'How far a click spreads, in px of the page',
      defaultValue: DEFAULTS.radius,
      settings: { min: 8, max: 80, step: 1 },
      showIf: drawsHeat,
    })
    .addSliderInput({
      path: 'picture',
      name: 'Picture',
      description: 'How strong the picture stays under the heat; 0 = automatic',
      defaultValue: DEFAULTS.picture,
      settings: { min: 0, max: 1, step: 0.05 },
      showIf: drawsHeat,
    })
    .addRadio({
      path: 'scale',
      name: 'Scale',
      defaultValue: DEFAULTS.scale,
      settings: { options: SCALES.map((value) => ({ value, label: SCALE_LABELS[value] })) },
      showIf: drawsHeat,
    })
    .addRadio({ path: 'zoom', name: 'Size', defaultValue: DEFAULTS.zoom, settings: { options: ZOOMS } })
    .addNumberInput({
      path: 'ranks',
      name: 'Numbered elements',
      description: 'Needs a query "Top actions" beside the heat',
      defaultValue: DEFAULTS.ranks,
      settings: { min: 0, max: 50, integer: true },
      showIf: ({ map }) => map === 'elements',
    })
    .addBooleanSwitch({ path: 'fold', name: 'Average fold', defaultValue: DEFAULTS.fold })
    .addBooleanSwitch({ path: 'legend', name: 'Legend', defaultValue: DEFAULTS.legend })
    .addBooleanSwitch({
      path: 'coverage',
      name: 'Coverage',
      description: 'How many of the clicks are on the picture',
      defaultValue: DEFAULTS.coverage,
      showIf: ({ map }) => map !== 'scroll',
    });
}
