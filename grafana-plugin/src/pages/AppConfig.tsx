// The app's configuration: switched on or not, and the data sources that it reads, each with its health.
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { config, getBackendSrv, getDataSourceSrv, locationService, DataSourceWithBackend } from '@grafana/runtime';
import { Alert, Button, LinkButton, Stack, TextLink } from '@grafana/ui';
import React, { useMemo } from 'react';

import { useAnswer } from '../workspace/useAnswer';
import { isothermSources, SOURCE_TYPE, type Source } from './sources';
import { text } from './text';

async function setEnabled(plugin: AppPluginMeta, enabled: boolean) {
  await getBackendSrv().post(`/api/plugins/${plugin.id}/settings`, {
    enabled,
    pinned: enabled,
    jsonData: plugin.jsonData,
  });
  // Grafana reads its plugins when it starts a page.
  window.location.assign(`${config.appSubUrl}${locationService.getLocation().pathname}`);
}

async function health(uid: string): Promise<string> {
  const source = await getDataSourceSrv().get({ uid });
  if (!(source instanceof DataSourceWithBackend)) {
    throw new Error(text.configuration.noBackend);
  }
  return (await source.testDatasource()).message;
}

function SourceHealth({ uid, name }: Source) {
  const checked = useAnswer(uid, () => health(uid));
  const link = <TextLink href={`/connections/datasources/edit/${uid}`}>{name}</TextLink>;
  if (checked.loading) {
    return (
      <p>
        {link}: {text.configuration.checking}
      </p>
    );
  }
  return (
    <Alert severity={checked.error ? 'error' : 'success'} title={checked.error?.message ?? checked.value ?? ''}>
      {link}
    </Alert>
  );
}

export function AppConfig({ plugin }: PluginConfigPageProps<AppPluginMeta>) {
  const sources = useMemo(() => isothermSources(), []);
  const { enabled = false } = plugin.meta;
  return (
    <Stack direction="column" alignItems="flex-start" gap={2}>
      <Button variant={enabled ? 'destructive' : 'primary'} onClick={() => void setEnabled(plugin.meta, !enabled)}>
        {enabled ? text.configuration.disable : text.configuration.enable}
      </Button>
      <h3>{text.configuration.sources}</h3>
      {sources.length === 0 && <p>{text.configuration.none}</p>}
      {sources.map((source) => (
        <SourceHealth key={source.uid} {...source} />
      ))}
      <LinkButton variant="secondary" href={`${config.appSubUrl}/connections/datasources/${SOURCE_TYPE}`}>
        {text.addSource}
      </LinkButton>
    </Stack>
  );
}
