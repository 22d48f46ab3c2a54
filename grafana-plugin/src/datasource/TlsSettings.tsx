// How the server proves who it is, and how Grafana does.
import { FieldSet, InlineField, InlineSwitch, TLSAuthSettings } from '@grafana/ui';
import React from 'react';

import type { ConfigProps, RumOptions } from './types';

const LABEL_WIDTH = 26;

type Switch = 'tlsAuthWithCACert' | 'tlsAuth' | 'tlsSkipVerify';

const SWITCHES: Array<{ key: Switch; label: string; tooltip: string }> = [
  {
    key: 'tlsAuthWithCACert',
    label: 'Own authority',
    tooltip: 'The certificate is signed by an authority of your own',
  },
  { key: 'tlsAuth', label: 'Client certificate', tooltip: 'The server, or a proxy before it, asks for one' },
  { key: 'tlsSkipVerify', label: 'Skip verification', tooltip: 'Anyone in between can then read the token' },
];

export function TlsSettings({ options, onOptionsChange }: Pick<ConfigProps, 'options' | 'onOptionsChange'>) {
  const { jsonData } = options;
  const change = (patch: Partial<RumOptions>) => onOptionsChange({ ...options, jsonData: { ...jsonData, ...patch } });
  return (
    <FieldSet label="TLS">
      {SWITCHES.map(({ key, label, tooltip }) => (
        <InlineField key={key} label={label} tooltip={tooltip} labelWidth={LABEL_WIDTH} htmlFor={`isotherm-${key}`}>
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
