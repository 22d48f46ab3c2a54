// Saved panels of any age to the present options.
import type { PanelModel } from '@grafana/data';

import { PALETTE_NAMES } from '../heatmap/palette';
import { SCALES } from '../heatmap/scale';
import { DEFAULTS, PANEL_MAPS, type PanelOptions } from './options';

const within = (value: unknown, low: number, high: number, fallback: number) =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : fallback;

const oneOf = <T>(allowed: readonly T[], value: unknown, fallback: T): T =>
  allowed.find((known) => known === value) ?? fallback;

/** Options that work, whatever was saved: by hand, by a later version, or by another panel that became this one. */
export function migrateOptions(saved: Record<string, unknown>): PanelOptions {
  const flag = (key: 'legend' | 'coverage' | 'fold') => (typeof saved[key] === 'boolean' ? saved[key] : DEFAULTS[key]);
  const zoom =
    typeof saved.zoom === 'number'
      ? within(saved.zoom, 0.25, 2, 1)
      : oneOf(['fit', 'page'] as const, saved.zoom, 'fit');
  return {
    map: oneOf(PANEL_MAPS, saved.map, DEFAULTS.map),
    palette: oneOf(PALETTE_NAMES, saved.palette, DEFAULTS.palette),
    opacity: within(saved.opacity, 0.1, 1, DEFAULTS.opacity),
    radius: within(saved.radius, 8, 80, DEFAULTS.radius),
    scale: oneOf(SCALES, saved.scale, DEFAULTS.scale),
    picture: within(saved.picture, 0, 1, DEFAULTS.picture),
    zoom,
    legend: flag('legend'),
    coverage: flag('coverage'),
    fold: flag('fold'),
    ranks: Math.round(within(saved.ranks, 0, 50, DEFAULTS.ranks)),
  };
}

export const migrationHandler = (panel: PanelModel<Partial<PanelOptions>>): PanelOptions =>
  migrateOptions({ ...panel.options });
