// A page around the map inside Grafana's own frame: its title, its buttons and its place in the navigation.

import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { useLibrary } from '../library/context';
import { screenOf } from '../library/links';
import type { PageProps } from '../workspace/host';
import { SourcePicker } from './SourcePicker';

export function GrafanaPage({ title, lead, head, children }: PageProps) {
  const styles = useStyles2(getStyles);
  const { search } = useLibrary();
  // Pages of the navigation are in the breadcrumbs by themselves.
  const isInNav = screenOf(search) !== 'replay';
  return (
    <PluginPage
      pageNav={isInNav ? undefined : { text: title }}
      renderTitle={() => <h1>{title}</h1>}
      subTitle={lead}
      actions={
        <>
          <SourcePicker />
          {head}
        </>
      }
    >
      <div className={styles}>{children}</div>
    </PluginPage>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    maxWidth: 1400,
    '& h2': { ...theme.typography.h4, margin: theme.spacing(3, 0, 1) },
  });
