// The nested data source.
import { DataSourcePlugin } from '@grafana/data';
import { config } from '@grafana/runtime';

import { beginLanguage } from '../language/language';
import { ConfigEditor } from './ConfigEditor';
import { RumDataSource } from './datasource';
import { QueryEditor } from './QueryEditor';
import { QueryHelp } from './QueryHelp';
import type { RumOptions, RumQuery, RumSecureOptions } from './types';

beginLanguage(config.bootData?.user?.language);

export const plugin = new DataSourcePlugin<RumDataSource, RumQuery, RumOptions, RumSecureOptions>(RumDataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
