// The nested panel.
import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { config } from '@grafana/runtime';

import { beginLanguage } from '../language/language';
import { HeatmapPanel } from './HeatmapPanel';
import { migrationHandler } from './migrations';
import { addOptions, type PanelOptions } from './options';

beginLanguage(config.bootData?.user?.language);

export const plugin = new PanelPlugin<PanelOptions>(HeatmapPanel)
  .useFieldConfig({
    disableStandardOptions: Object.values(FieldConfigProperty).filter(
      (property) => property !== FieldConfigProperty.Links
    ),
  })
  .setMigrationHandler(migrationHandler)
  .setPanelOptions(addOptions);
