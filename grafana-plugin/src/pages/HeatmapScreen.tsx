// The heatmap page inside Grafana: fills the room below Grafana's own bars.

import { css } from '@emotion/css';
import { PageLayoutType } from '@grafana/data';
import { config, PluginPage } from '@grafana/runtime';
import React, { useLayoutEffect, useMemo, useRef, useState } from 'react';

import type { ReplayMoment } from '../contract/answers';
import type { Backend } from '../contract/backend';
import { grafanaTransport } from '../grafana/transport';
import { useLibrary } from '../library/context';
import { screenOf, searchOf } from '../library/links';
import { Palette } from '../library/Palette';
import { SaveAndShare } from '../library/SaveAndShare';
import type { UrlPort } from '../workspace/context';
import type { ResolveTime } from '../workspace/timeRange';
import { Workspace } from '../workspace/Workspace';
import { AddToDashboard } from './AddToDashboard';
import { DashboardLink } from './DashboardLink';
import { deployments } from './deployments';
import { FindPage } from './FindPage';
import { FindTrace } from './FindTrace';
import { SourcePicker } from './SourcePicker';
import { text } from './text';
import { TimeControls } from './TimeControls';

interface HeatmapScreenProps {
  backend: Backend;
  url: UrlPort;
  timeZone: string | undefined;
  resolveTime: ResolveTime;
  uid: string;
}

export function HeatmapScreen({ backend, url, timeZone, resolveTime, uid }: HeatmapScreenProps) {
  const [top, room] = useTop();
  const transport = useMemo(() => grafanaTransport(uid), [uid]);
  const isNew = screenOf(useLibrary().search) === 'new';
  // The same object while it says the same, or Grafana names the page anew with each drawing.
  const pageNav = useMemo(() => (isNew ? undefined : { text: text.heatmap }), [isNew]);
  const hrefOf = (screen: 'health' | 'sites') => (application: string) => {
    const search = searchOf(screen, url.read(), { app: application });
    return url.href?.(search) ?? `?${search}`;
  };
  const replayHref = (row: ReplayMoment, application: string): string => {
    const { session, view, at } = row;
    const search = searchOf('replay', url.read(), {
      app: application,
      session,
      view: view ?? '',
      at: at === null ? '' : String(at),
    });
    return url.href?.(search) ?? `?${search}`;
  };
  return (
    <PluginPage layout={PageLayoutType.Custom} pageNav={pageNav}>
      <div ref={room} className={css({ height: `calc(100vh - ${top}px)`, minHeight: 420 })}>
        <Workspace
          backend={backend}
          url={url}
          timeZone={timeZone}
          resolveTime={resolveTime}
          deployments={deployments}
          replayHref={replayHref}
          healthHref={hrefOf('health')}
          sitesHref={hrefOf('sites')}
          start={<SourcePicker />}
          timePicker={<TimeControls />}
          actions={
            <>
              <FindPage />
              <FindTrace transport={transport} />
              <Palette />
              <SaveAndShare />
              <AddToDashboard uid={uid} />
              <DashboardLink uid={uid} subUrl={config.appSubUrl ?? ''} />
            </>
          }
        />
      </div>
    </PluginPage>
  );
}

/** How far below the window's top a box begins: the height of what Grafana has above it. */
function useTop() {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => box.current && setTop(box.current.getBoundingClientRect().top + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return [top, box] as const;
}
