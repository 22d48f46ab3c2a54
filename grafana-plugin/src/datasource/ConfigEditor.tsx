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
import type { ConfigProps, RumOptions } from './types';

const LABEL_WIDTH = 26;
const WIDTH = 50;
const DEFAULT_URL = 'http://127.0.0.1:8420';
const DEFAULT_TIMEOUT_S = '30';

export function ConfigEditor({ options, onOptionsChange }: ConfigProps) {
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
      <FieldSet label="Connection">
        <InlineField
          label="URL"
          labelWidth={LABEL_WIDTH}
          htmlFor="isotherm-url"
          tooltip="Where Grafana's server reaches Isotherm; browsers need not"
        >
          <Input
            id="isotherm-url"
            width={WIDTH}
            value={options.url}
            placeholder={DEFAULT_URL}
            onChange={(event) => onOptionsChange({ ...options, url: event.currentTarget.value })}
          />
        </InlineField>
        <InlineField
          label="Token"
          labelWidth={LABEL_WIDTH}
          htmlFor="isotherm-token"
          tooltip="The server's setting `token` (ISOTHERM_TOKEN); not needed while it listens on loopback only"
        >
          <SecretInput
            id="isotherm-token"
            width={WIDTH}
            isConfigured={Boolean(secureJsonFields.token)}
            value={secureJsonData?.token ?? ''}
            placeholder="Token"
            onChange={(event) => changeToken(event.currentTarget.value, Boolean(secureJsonFields.token))}
            onReset={() => changeToken('', false)}
          />
        </InlineField>
        <InlineField
          label="Timeout"
          labelWidth={LABEL_WIDTH}
          htmlFor="isotherm-timeout"
          tooltip="Seconds that an answer may take"
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
          label="Default application"
          labelWidth={LABEL_WIDTH}
          htmlFor="isotherm-default-application"
          tooltip="Asked for when a query names none"
        >
          <Input
            id="isotherm-default-application"
            width={WIDTH}
            value={jsonData.defaultApplication ?? ''}
            placeholder="none"
            onChange={(event) => changeJson({ defaultApplication: event.currentTarget.value || undefined })}
          />
        </InlineField>
        <InlineField
          label="Traces"
          labelWidth={LABEL_WIDTH}
          tooltip="The data source (Tempo, Jaeger, Zipkin, ...) that trace ids lead to"
        >
          <DataSourcePicker
            tracing
            noDefault
            width={WIDTH}
            placeholder="none"
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
