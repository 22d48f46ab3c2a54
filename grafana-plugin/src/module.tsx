// The app: saved heatmaps, the heatmap page, shares, replays and health; nests the data source and the panel.
// Grafana loads this file at its start, for the links in its menus: what is big is loaded later.
import { AppPlugin } from '@grafana/data';
import { config } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';

import { LINKS } from './extensions/links';
import { beginLanguage } from './language/language';

const Pages = lazy(() => import('./pages/App'));
const Configuration = lazy(async () => ({ default: (await import('./pages/AppConfig')).AppConfig }));

beginLanguage(config.bootData?.user?.language);

const App = () => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <Pages />
  </Suspense>
);

export const plugin = new AppPlugin().setRootPage(App).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  id: 'configuration',
  body: () => (
    <Suspense fallback={<LoadingPlaceholder text="" />}>
      <Configuration />
    </Suspense>
  ),
});
LINKS.forEach((link) => plugin.addLink(link));
