// The stand-alone page: the workspace in Grafana's theme, without Grafana.

import { Global, css } from '@emotion/react';
import React, { lazy, Suspense, useEffect, useMemo, useSyncExternalStore } from 'react';

import { createTheme, ThemeContext } from '@grafana/data';
import { GlobalStyles, IconButton, LinkButton, PortalContainer } from '@grafana/ui';

import type { ReplayMoment } from '../contract/answers';
import { createBackend } from '../contract/backend';
import { httpTransport } from '../contract/httpTransport';
import { createLibrary } from '../contract/library';
import { useLanguage } from '../language/language';
import { LibraryProvider } from '../library/context';
import { linkTo, screenOf, searchOf } from '../library/links';
import { Palette } from '../library/Palette';
import { SaveAndShare } from '../library/SaveAndShare';
import { WorkspaceProvider } from '../workspace/context';
import { Skeleton } from '../workspace/Skeleton';
import { text } from '../workspace/text';
import { Workspace } from '../workspace/Workspace';
import { askedMs, begun } from './preloadedAnswer';
import { browserUrl } from './browserUrl';
import { useColourMode } from './colourMode';
import { LanguageSwitch } from './LanguageSwitch';
import { snapshotToken } from './openSnapshot';

const Home = lazy(async () => ({ default: (await import('../library/Home')).Home }));
const SharesPage = lazy(async () => ({ default: (await import('../library/SharesPage')).SharesPage }));
const HealthPage = lazy(async () => ({ default: (await import('../library/HealthPage')).HealthPage }));
const ConnectPage = lazy(async () => ({ default: (await import('../library/ConnectPage')).ConnectPage }));
const SitesPage = lazy(async () => ({ default: (await import('../library/SitesPage')).SitesPage }));
const ReplayPage = lazy(async () => ({ default: (await import('../library/ReplayPage')).ReplayPage }));
const SnapshotApp = lazy(async () => ({ default: (await import('./SnapshotApp')).SnapshotApp }));

const PAGES = {
  home: Home,
  shares: SharesPage,
  sites: SitesPage,
  health: HealthPage,
  replay: ReplayPage,
  connect: ConnectPage,
};

const transport = httpTransport(document.baseURI, begun);
const backend = createBackend(transport);
const pages = { library: createLibrary(transport, new URL('.', document.baseURI).toString()), url: browserUrl };

const replayHref = (row: ReplayMoment, application: string): string =>
  `?${searchOf('replay', browserUrl.read(), {
    app: application,
    session: row.session,
    view: row.view ?? '',
    at: row.at === null ? '' : String(row.at),
  })}`;

const healthHref = (application: string): string => `?${searchOf('health', browserUrl.read(), { app: application })}`;

const sitesHref = (application: string): string => `?${searchOf('sites', browserUrl.read(), { app: application })}`;

export function App() {
  const [mode, toggle] = useColourMode();
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const theme = useMemo(() => createTheme({ colors: { mode } }), [mode]);
  const other = mode === 'dark' ? text.theme.light : text.theme.dark;
  const page = css({
    'html, body, #root': { height: '100%', margin: 0 },
    html: { colorScheme: mode },
    body: { background: theme.colors.background.canvas, overflow: 'hidden' },
    '@media print': {
      'html, body, #root': { height: 'auto' },
      body: { overflow: 'visible', printColorAdjust: 'exact' }, // heat and legends are backgrounds
    },
  });
  const looks = (
    <>
      <LanguageSwitch />
      <IconButton name="adjust-circle" size="lg" aria-label={other} tooltip={other} onClick={toggle} />
    </>
  );
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Global styles={page} />
      <Suspense fallback={<Skeleton of="page" />}>
        {snapshotToken() ? (
          <SnapshotApp actions={looks} />
        ) : (
          <LibraryProvider value={pages}>
            <Screen key={language} looks={looks} />
          </LibraryProvider>
        )}
      </Suspense>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}

function Screen({ looks }: { looks: React.ReactNode }) {
  const search = useSyncExternalStore(browserUrl.listen, browserUrl.read);
  const screen = screenOf(search);
  if (screen === 'heatmap' || screen === 'new') {
    const home = linkTo(browserUrl, searchOf('home', search));
    return (
      <Workspace
        backend={backend}
        url={browserUrl}
        nowMs={askedMs()}
        replayHref={replayHref}
        healthHref={healthHref}
        sitesHref={sitesHref}
        start={<LinkButton icon="home-alt" variant="secondary" fill="text" aria-label={text.library.home} {...home} />}
        actions={<SaveAndShare />}
        tools={
          <>
            <Palette />
            {looks}
          </>
        }
      />
    );
  }
  const Page = PAGES[screen];
  return (
    <WorkspaceProvider backend={backend} url={browserUrl}>
      <Page
        actions={
          <>
            <Palette />
            {looks}
          </>
        }
      />
    </WorkspaceProvider>
  );
}
