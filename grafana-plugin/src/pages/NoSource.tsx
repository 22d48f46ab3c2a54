// What the app shows before there is a data source to ask.

import { config, PluginPage } from '@grafana/runtime';
import { Alert, LinkButton } from '@grafana/ui';
import React from 'react';

import { SOURCE_TYPE } from '../grafana/sources';
import { text } from './text';

export function NoSource() {
  const mayAdd = config.bootData.user.orgRole === 'Admin';
  return (
    <PluginPage>
      <Alert severity="info" title={text.noSource}>
        <p>{mayAdd ? text.noSourceHelp : text.noSourceViewer}</p>
        {mayAdd && (
          <LinkButton href={`${config.appSubUrl}/connections/datasources/${SOURCE_TYPE}`}>{text.addSource}</LinkButton>
        )}
      </Alert>
    </PluginPage>
  );
}
