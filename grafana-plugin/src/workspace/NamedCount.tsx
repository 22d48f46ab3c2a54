// A name at the left and its views at the right, as in the lists of applications and pages.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { count, exact } from './format';
import { text } from './text';

export function NamedCount({ name, id, views }: { name: string; id: string; views: number }) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.entry}>
      <span className={styles.name} title={id}>
        {name}
      </span>
      <span className={styles.views} title={exact(views)}>
        {text.views(count(views), views)}
      </span>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  entry: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(2), width: '100%' }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  views: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});
