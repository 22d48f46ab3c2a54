// Settings of the data source: address, token, TLS and headers, default application.
import { config, DataSourcePicker } from '@grafana/runtime';
import {
  CustomHeadersSettings,
  FieldSet,
  InlineField,
  Input,
  SecretInput,
  SecureSocksProxySettings,
} from '@grafana/ui';
import React from 'react';

import { TlsSettings } from './TlsSettings';
import { text } from './text';
import type { ConfigProps, RumOptions } from './types';

const LABEL_WIDTH = 26;
const WIDTH = 50;
const DEFAULT_URL = 'http://127.0.0.1:8420';
const DEFAULT_TIMEOUT_S = '30';

export function ConfigEditor({ options, onOptionsChange }: ConfigProps) {
  const words = text.config;
  const { jsonData, secureJsonData, secureJsonFields } = options;
  const changeJson = (patch: Partial<RumOptions>) =>
    onOptionsChange({ ...options, jsonData: { ...jsonData, ...patch } });
  const changeToken = (token: string, isSet: boolean) =>
    onOptionsChange({
      ...options,
      secureJsonFields: { ...secureJsonFields, token: isSet },
      secureJsonData: { ...secureJsonData, token },
    });
  return (
    <>
      <FieldSet label={words.connection}>
        <InlineField label={words.url} labelWidth={LABEL_WIDTH} htmlFor="isotherm-url" tooltip={words.urlOf}>
          <Input
            id="isotherm-url"
            width={WIDTH}
            value={options.url}
            placeholder={DEFAULT_URL}
            onChange={(event) => onOptionsChange({ ...options, url: event.currentTarget.value })}
          />
        </InlineField>
        <InlineField label={words.token} labelWidth={LABEL_WIDTH} htmlFor="isotherm-token" tooltip={words.tokenOf}>
          <SecretInput
            id="isotherm-token"
            width={WIDTH}
            isConfigured={Boolean(secureJsonFields.token)}
            value={secureJsonData?.token ?? ''}
            placeholder={words.token}
            onChange={(event) => changeToken(event.currentTarget.value, Boolean(secureJsonFields.token))}
            onReset={() => changeToken('', false)}
          />
        </InlineField>
        <InlineField
          label={words.timeout}
          labelWidth={LABEL_WIDTH}
          htmlFor="isotherm-timeout"
          tooltip={words.timeoutOf}
        >
          <Input
            id="isotherm-timeout"
            type="number"
            min={1}
            width={WIDTH}
            value={jsonData.timeout ?? ''}
            placeholder={DEFAULT_TIMEOUT_S}
            onChange={(event) => changeJson({ timeout: Number(event.currentTarget.value) || undefined })}
          />
        </InlineField>
        <InlineField
          label={words.application}
          labelWidth={LABEL_WIDTH}
          htmlFor="isotherm-default-application"
          tooltip={words.applicationOf}
        >
          <Input
            id="isotherm-default-application"
            width={WIDTH}
            value={jsonData.defaultApplication ?? ''}
            placeholder={words.none}
            onChange={(event) => changeJson({ defaultApplication: event.currentTarget.value || undefined })}
          />
        </InlineField>
        <InlineField label={words.traces} labelWidth={LABEL_WIDTH} tooltip={words.tracesOf}>
          <DataSourcePicker
            tracing
            noDefault
            width={WIDTH}
            placeholder={words.none}
            current={jsonData.traces ?? null}
            onChange={({ uid }) => changeJson({ traces: uid })}
            onClear={() => changeJson({ traces: undefined })}
          />
        </InlineField>
      </FieldSet>
      <TlsSettings options={options} onOptionsChange={onOptionsChange} />
      <CustomHeadersSettings dataSourceConfig={options} onChange={onOptionsChange} />
      {config.secureSocksDSProxyEnabled && (
        <SecureSocksProxySettings options={options} onOptionsChange={onOptionsChange} />
      )}
    </>
  );
}
