// The window of a preview; what draws the map is loaded when one opens.

import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';

const Preview = lazy(async () => ({ default: (await import('../pages/Preview')).Preview }));

/** What Grafana puts into the window. */
export const previewOf = (path: string) =>
  function HeatPreview() {
    return (
      <Suspense fallback={<LoadingPlaceholder text="" />}>
        <Preview path={path} />
      </Suspense>
    );
  };
