// The nested panel.
import { FieldConfigProperty, PanelPlugin } from '@grafana/data';

import { HeatmapPanel } from './HeatmapPanel';
import { migrationHandler } from './migrations';
import { addOptions, type PanelOptions } from './options';

export const plugin = new PanelPlugin<PanelOptions>(HeatmapPanel)
  .useFieldConfig({
    disableStandardOptions: Object.values(FieldConfigProperty).filter(
      (property) => property !== FieldConfigProperty.Links
    ),
  })
  .setMigrationHandler(migrationHandler)
  .setPanelOptions(addOptions);
