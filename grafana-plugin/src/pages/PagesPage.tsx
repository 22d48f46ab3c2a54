// The app's page: applications and their pages, each with a way into the dashboards.
import { css } from '@emotion/css';
import { dateTime, rangeUtil, type GrafanaTheme2 } from '@grafana/data';
import { config, locationService, PluginPage } from '@grafana/runtime';
import {
  Alert,
  Combobox,
  FilterInput,
  InlineField,
  InlineFieldRow,
  LinkButton,
  LoadingPlaceholder,
  useStyles2,
} from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router-dom';

import { createBackend, type Backend } from '../contract/backend';
import type { Range } from '../contract/query';
import { grafanaTransport } from '../datasource/transport';
import { useAnswer } from '../workspace/useAnswer';
import { PageTable } from './PageTable';
import { isothermSources, SOURCE_TYPE } from './sources';

const SPANS = [
  { value: 'now-24h', label: 'Last 24 hours' },
  { value: 'now-7d', label: 'Last 7 days' },
  { value: 'now-30d', label: 'Last 30 days' },
];
const DEFAULT_SPAN = 'now-7d';
const MOST = 200;

function rangeFrom(from: string): Range {
  const { from: start, to } = rangeUtil.convertRawToRange({ from, to: 'now' });
  return { from: (start.isValid() ? start : dateTime(0)).valueOf(), to: to.valueOf() };
}

export default function PagesPage() {
  const sources = useMemo(() => isothermSources(), []);
  const [params] = useSearchParams();
  const uid = params.get('source') ?? sources[0]?.uid;
  if (!uid) {
    return (
      <PluginPage>
        <Alert severity="info" title="There is no Isotherm data source yet">
          <LinkButton href={`${config.appSubUrl}/connections/datasources/${SOURCE_TYPE}`}>Add one</LinkButton>
        </Alert>
      </PluginPage>
    );
  }
  return (
    <PluginPage>
      <Explorer key={uid} uid={uid} />
    </PluginPage>
  );
}

function Explorer({ uid }: { uid: string }) {
  const styles = useStyles2(getStyles);
  const [params] = useSearchParams();
  const [search, setSearch] = useState('');
  const from = params.get('from') ?? DEFAULT_SPAN;
  const range = useMemo(() => rangeFrom(from), [from]);
  const backend = useMemo<Backend>(() => createBackend(grafanaTransport(uid)), [uid]);
  const known = useAnswer(`${uid} ${from}`, (signal) => backend.applications(range, signal));
  const application = params.get('application') ?? known.value?.[0]?.application ?? '';
  const key = application ? JSON.stringify([uid, application, search, from]) : null;
  const pages = useAnswer(key, (signal) => backend.pages({ application, range, search, limit: MOST }, signal));
  const go = (patch: Record<string, string>) => locationService.partial(patch, true);
  const failed = known.error ?? pages.error;
  return (
    <>
      <InlineFieldRow>
        {isothermSources().length > 1 && (
          <InlineField label="Data source" htmlFor="isotherm-source">
            <Combobox
              id="isotherm-source"
              options={isothermSources().map((source) => ({ value: source.uid, label: source.name }))}
              value={uid}
              width={24}
              onChange={({ value }) => go({ source: value, application: '' })}
            />
          </InlineField>
        )}
        <InlineField label="Application" htmlFor="isotherm-application">
          <Combobox
            id="isotherm-application"
            options={(known.value ?? []).map((row) => ({ value: row.application }))}
            value={application || null}
            placeholder="No application"
            width={30}
            onChange={({ value }) => go({ application: value })}
          />
        </InlineField>
        <InlineField label="Visits of the" htmlFor="isotherm-span">
          <Combobox
            id="isotherm-span"
            options={SPANS}
            value={from}
            width={20}
            onChange={({ value }) => go({ from: value })}
          />
        </InlineField>
        <div className={styles.search}>
          <FilterInput value={search} placeholder="Search pages" onChange={setSearch} />
        </div>
      </InlineFieldRow>
      {failed && <Alert severity="error" title={failed.message} />}
      {!failed && !pages.value && (known.loading || pages.loading) && <LoadingPlaceholder text="Loading" />}
      {known.value?.length === 0 && (
        <Alert severity="info" title="No visits in this time">
          Choose a longer time, or point the site&apos;s SDK at Isotherm.
        </Alert>
      )}
      {pages.value && pages.value.length > 0 && (
        <PageTable uid={uid} application={application} from={from} pages={pages.value} />
      )}
      {pages.value?.length === 0 && application !== '' && <p>No page was visited in this time.</p>}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  search: css({ flexGrow: 1, maxWidth: theme.spacing(50) }),
});
