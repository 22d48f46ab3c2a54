// From the heatmap page to the dashboard of the same page.

import { urlUtil } from '@grafana/data';
import { LinkButton } from '@grafana/ui';
import React from 'react';

import { useWorkspace } from '../workspace/context';
import { text } from './text';

/** uid of dashboards/page-heatmap.json. */
const DASHBOARD = 'isotherm-page-heatmap';

export function DashboardLink({ uid, subUrl }: { uid: string; subUrl: string }) {
  const { state } = useWorkspace();
  if (!state.page) {
    return null;
  }
  const href = urlUtil.renderUrl(`${subUrl}/d/${DASHBOARD}`, {
    'var-source': uid,
    'var-application': state.application,
    'var-page': state.page,
    'var-signal': state.signal,
    from: state.from,
    to: state.to,
  });
  return (
    <LinkButton
      icon="apps"
      variant="secondary"
      fill="outline"
      href={href}
      tooltip={text.dashboardLinkOf}
      aria-label={text.dashboardLinkOf}
    />
  );
}
