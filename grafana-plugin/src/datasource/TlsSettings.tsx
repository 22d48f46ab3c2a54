// How the server proves who it is, and how Grafana does.
import { FieldSet, InlineField, InlineSwitch, TLSAuthSettings } from '@grafana/ui';
import React from 'react';

import { text } from './text';
import type { ConfigProps, RumOptions } from './types';

const LABEL_WIDTH = 26;

type Switch = 'tlsAuthWithCACert' | 'tlsAuth' | 'tlsSkipVerify';

const SWITCHES: Switch[] = ['tlsAuthWithCACert', 'tlsAuth', 'tlsSkipVerify'];

export function TlsSettings({ options, onOptionsChange }: Pick<ConfigProps, 'options' | 'onOptionsChange'>) {
  const { jsonData } = options;
  const change = (patch: Partial<RumOptions>) => onOptionsChange({ ...options, jsonData: { ...jsonData, ...patch } });
  return (
    <FieldSet label="TLS">
      {SWITCHES.map((key) => (
        <InlineField key={key} {...text.config.tls[key]} labelWidth={LABEL_WIDTH} htmlFor={`isotherm-${key}`}>
          <InlineSwitch
            id={`isotherm-${key}`}
            value={jsonData[key] ?? false}
            onChange={(event) => change({ [key]: event.currentTarget.checked })}
          />
        </InlineField>
      ))}
      {(jsonData.tlsAuthWithCACert || jsonData.tlsAuth) && (
        <TLSAuthSettings dataSourceConfig={options} onChange={onOptionsChange} />
      )}
    </FieldSet>
  );
}
