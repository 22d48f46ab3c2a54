// A map in small, in a window that opens from Grafana's own menus: what a link leads to, before one goes there.

import { css } from '@emotion/css';
import { config } from '@grafana/runtime';
import { LinkButton, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';

import { createBackend } from '../contract/backend';
import { createLibrary } from '../contract/library';
import { grafanaTransport } from '../grafana/transport';
import { TRACE } from '../grafana/sources';
import { CardMap } from '../library/CardMap';
import { LibraryProvider, useLibrary } from '../library/context';
import { useWorkspace, WorkspaceProvider, type UrlPort } from '../workspace/context';
import { readState } from '../workspace/state';
import { useAnswer } from '../workspace/useAnswer';
import { useApplicationName } from '../workspace/useApplicationName';
import { FindTrace } from './FindTrace';
import { text } from './text';

interface PreviewProps {
  /** Where the link leads: a heatmap below Grafana's own address. */
  path: string;
}

/** An address of the window alone: Grafana's own stays as it is. */
function addressOf(first: string): UrlPort {
  let search = first;
  const listeners = new Set<() => void>();
  return {
    read: () => search,
    write(next) {
      search = next;
      listeners.forEach((changed) => changed());
    },
    listen(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

export function Preview({ path }: PreviewProps) {
  const [page = '', search = ''] = path.split('?');
  const [url] = useState(() => addressOf(search));
  const { backend, library, transport } = useMemo(() => {
    const transport = grafanaTransport(new URLSearchParams(search).get('source') ?? '');
    return { backend: createBackend(transport), library: createLibrary(transport, ''), transport };
  }, [search]);
  return (
    <LibraryProvider value={{ library, url }}>
      <WorkspaceProvider backend={backend} url={url}>
        <FindTrace transport={transport} />
        <Map page={page} />
      </WorkspaceProvider>
    </LibraryProvider>
  );
}

function Map({ page }: { page: string }) {
  const styles = useStyles2(getStyles);
  const { search } = useLibrary();
  const state = useMemo(() => readState(search), [search]);
  const { backend, range } = useWorkspace();
  const name = useApplicationName(state.application);
  // the list of applications is where names are learnt
  useAnswer(JSON.stringify(range), (signal) => backend.applications(range, signal));
  if (new URLSearchParams(search).has(TRACE)) {
    return null; // FindTrace looks it up, or says what is wrong
  }
  return (
    <div className={styles.box}>
      <strong>{[name, state.page].filter(Boolean).join(' · ')}</strong>
      <CardMap state={state} />
      <LinkButton href={`${config.appSubUrl ?? ''}${page}?${search}`} icon="external-link-alt">
        {text.openMap}
      </LinkButton>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
    '& > div': { width: '100%', border: `1px solid ${theme.colors.border.weak}` },
  }),
});
