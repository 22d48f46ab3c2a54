// Pages by visits, with their signals and links into the dashboards.
import { css } from '@emotion/css';
import { urlUtil, type GrafanaTheme2 } from '@grafana/data';
import { config } from '@grafana/runtime';
import { TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';

import type { PageInfo } from '../contract/backend';
import { count, percent } from '../workspace/format';

/** uid of dashboards/page-heatmap.json. */
const DASHBOARD = 'isotherm-page-heatmap';

interface PageTableProps {
  uid: string;
  application: string;
  from: string;
  pages: PageInfo[];
}

export function PageTable({ uid, application, from, pages }: PageTableProps) {
  const styles = useStyles2(getStyles);
  const heatmapOf = (page: string) =>
    urlUtil.renderUrl(`${config.appSubUrl}/d/${DASHBOARD}`, {
      'var-source': uid,
      'var-application': application,
      'var-page': page,
      from,
      to: 'now',
    });
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">Page</th>
          <th scope="col">Views</th>
          <th scope="col">Users</th>
          <th scope="col">Clicks</th>
          <th scope="col">Rage</th>
          <th scope="col">Picture</th>
        </tr>
      </thead>
      <tbody>
        {pages.map((row) => (
          <tr key={row.page}>
            <td>{row.rank}</td>
            <th scope="row">
              <TextLink href={heatmapOf(row.page)} inline={false}>
                {row.page}
              </TextLink>
            </th>
            <td>{count(row.views)}</td>
            <td>{count(row.users)}</td>
            <td>{count(row.clicks)}</td>
            <td>{row.rage > 0 ? `${count(row.rage)} (${percent(row.rage / row.clicks)})` : '–'}</td>
            <td>{row.background ? 'yes' : 'not yet'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    marginTop: theme.spacing(2),
    '& th, & td': {
      padding: theme.spacing(1),
      textAlign: 'right',
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      fontVariantNumeric: 'tabular-nums',
    },
    '& th:nth-child(2)': { textAlign: 'left', fontWeight: theme.typography.fontWeightRegular },
    '& thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
  }),
});
