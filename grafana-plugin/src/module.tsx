// The app: lists applications and pages, and nests the data source and the panel.
import { AppPlugin } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';

import { AppConfig } from './pages/AppConfig';

const PagesPage = lazy(() => import('./pages/PagesPage'));

const App = () => (
  <Suspense fallback={<LoadingPlaceholder text="Loading" />}>
    <PagesPage />
  </Suspense>
);

export const plugin = new AppPlugin().setRootPage(App).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  id: 'configuration',
  body: AppConfig,
});
