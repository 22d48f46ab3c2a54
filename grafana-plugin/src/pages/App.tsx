// The app inside Grafana: the same pages as stand-alone, on a data source of this Grafana.

import { config, locationService } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense, useMemo, useSyncExternalStore } from 'react';

import { createBackend } from '../contract/backend';
import { createLibrary } from '../contract/library';
import { grafanaTransport } from '../grafana/transport';
import { useLanguage } from '../language/language';
import { LibraryProvider } from '../library/context';
import { screenOf } from '../library/links';
import { WorkspaceProvider } from '../workspace/context';
import { HostProvider } from '../workspace/host';
import { text } from '../workspace/text';
import { grafanaHost, timeZoneOf } from './grafanaHost';
import { timesIn } from './grafanaTime';
import { grafanaUrl } from './grafanaUrl';
import { NoSource } from './NoSource';
import { chosenSource } from '../grafana/sources';

const Home = lazy(async () => ({ default: (await import('../library/Home')).Home }));
const SharesPage = lazy(async () => ({ default: (await import('../library/SharesPage')).SharesPage }));
const HealthPage = lazy(async () => ({ default: (await import('../library/HealthPage')).HealthPage }));
const ConnectPage = lazy(async () => ({ default: (await import('../library/ConnectPage')).ConnectPage }));
const SitesPage = lazy(async () => ({ default: (await import('../library/SitesPage')).SitesPage }));
const ReplayPage = lazy(async () => ({ default: (await import('../library/ReplayPage')).ReplayPage }));
const HeatmapScreen = lazy(async () => ({ default: (await import('./HeatmapScreen')).HeatmapScreen }));

const PAGES = {
  home: Home,
  shares: SharesPage,
  sites: SitesPage,
  health: HealthPage,
  replay: ReplayPage,
  connect: ConnectPage,
};

const url = grafanaUrl(config.appSubUrl ?? '');
const rawSearch = () => locationService.getLocation().search;

export default function App() {
  const language = useLanguage();
  const source = chosenSource(useSyncExternalStore(url.listen, rawSearch));
  if (!source) {
    return <NoSource />;
  }
  return <Pages key={`${source.uid} ${language}`} uid={source.uid} />;
}

function Pages({ uid }: { uid: string }) {
  const screen = screenOf(useSyncExternalStore(url.listen, url.read));
  const timeZone = timeZoneOf(useSyncExternalStore(url.listen, rawSearch));
  const resolveTime = useMemo(() => timesIn(timeZone), [timeZone]);
  const host = useMemo(() => grafanaHost(uid), [uid]);
  const { backend, pages } = useMemo(() => {
    const transport = grafanaTransport(uid);
    return { backend: createBackend(transport), pages: { library: createLibrary(transport, ''), url } };
  }, [uid]);
  const Page = screen === 'heatmap' || screen === 'new' ? null : PAGES[screen];
  return (
    <HostProvider value={host}>
      <LibraryProvider value={pages}>
        <Suspense fallback={<LoadingPlaceholder text={text.loading} />}>
          {Page ? (
            <WorkspaceProvider backend={backend} url={url} timeZone={timeZone} resolveTime={resolveTime}>
              <Page />
            </WorkspaceProvider>
          ) : (
            <HeatmapScreen backend={backend} url={url} timeZone={timeZone} resolveTime={resolveTime} uid={uid} />
          )}
        </Suspense>
      </LibraryProvider>
    </HostProvider>
  );
}
