// The nested panel.
import { FieldConfigProperty, PanelPlugin, type VisualizationSuggestionsSupplier } from '@grafana/data';
import { config } from '@grafana/runtime';

import { beginLanguage } from '../language/language';
import { HeatmapPanel } from './HeatmapPanel';
import { migrationHandler } from './migrations';
import { addOptions, type PanelOptions } from './options';
import { suggestions } from './suggestions';

beginLanguage(config.bootData?.user?.language);

export const plugin = new PanelPlugin<PanelOptions>(HeatmapPanel)
  .useFieldConfig({
    disableStandardOptions: Object.values(FieldConfigProperty).filter(
      (property) => property !== FieldConfigProperty.Links
    ),
  })
  .setMigrationHandler(migrationHandler)
  .setPanelOptions(addOptions)
  // Grafana 13 takes a function; 12.3, whose types want an object, asks its own panels only.
  .setSuggestionsSupplier(suggestions as unknown as VisualizationSuggestionsSupplier);
