// The app's configuration: the data sources that it reads, each with its health. Grafana itself switches it on and off.
import { config, getDataSourceSrv, DataSourceWithBackend } from '@grafana/runtime';
import { Alert, LinkButton, Stack, TextLink } from '@grafana/ui';
import React, { useMemo } from 'react';

import { useAnswer } from '../workspace/useAnswer';
import { isothermSources, SOURCE_TYPE, type Source } from '../grafana/sources';
import { text } from './text';

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

export function AppConfig() {
  const sources = useMemo(() => isothermSources(), []);
  return (
    <Stack direction="column" alignItems="flex-start" gap={2}>
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
