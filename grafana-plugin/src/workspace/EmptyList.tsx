// What stands in the place of an empty list: what would be there, and how it gets there.

import { css } from '@emotion/css';
import React, { type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, type IconName } from '@grafana/ui';

interface EmptyListProps {
  icon: IconName;
  title: string;
  help: string;
  /** The way to something. */
  children?: ReactNode;
}

export function EmptyList({ icon, title, help, children }: EmptyListProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles} data-testid="nothing">
      <Icon name={icon} size="xxxl" />
      <h2>{title}</h2>
      <p>{help}</p>
      {children}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(6, 3),
    textAlign: 'center',
    border: `1px dashed ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    '&& h2': { ...theme.typography.h5, margin: 0, color: theme.colors.text.primary },
    '& p': { maxWidth: 460, margin: theme.spacing(0, 0, 1) },
  });
