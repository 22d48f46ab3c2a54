// A page around the map inside Grafana's own frame: its title, its buttons and its place in the navigation.

import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import type { PageProps } from '../workspace/host';
import { SourcePicker } from './SourcePicker';

export function GrafanaPage({ title, lead, head, children }: PageProps) {
  const styles = useStyles2(getStyles);
  return (
    <PluginPage
      pageNav={{ text: title }}
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
