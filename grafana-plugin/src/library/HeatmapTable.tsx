// Saved heatmaps as a table: many of them at a glance.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { SavedHeatmap } from '../contract/generated/answers';
import { timeFormat } from '../workspace/format';
import { readState } from '../workspace/state';
import { text } from '../workspace/text';
import { useName } from '../workspace/useName';
import { chipsOf } from './chips';
import { useLibrary } from './context';
import { HeatmapTools, type HeatmapToolsProps } from './HeatmapTools';
import { linkTo, savedSearch } from './links';
import { tableStyles } from './tableStyles';

interface HeatmapTableProps {
  heatmaps: readonly SavedHeatmap[];
  toolsOf: (heatmap: SavedHeatmap) => Omit<HeatmapToolsProps, 'heatmap'>;
}

export function HeatmapTable({ heatmaps, toolsOf }: HeatmapTableProps) {
  const styles = useStyles2(getStyles);
  const table = useStyles2(tableStyles);
  const { library, url } = useLibrary();
  const { time } = timeFormat(undefined);
  const words = text.library;
  const { columns } = words.table;
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={words.title}>
      <table className={table} aria-label={words.title}>
        <thead>
          <tr>
            {Object.values(columns).map((column) => (
              <th key={column}>{column}</th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {heatmaps.map((heatmap) => {
            const link = linkTo(url, savedSearch(heatmap));
            return (
              <tr key={heatmap.id}>
                <td>
                  <a
                    {...link}
                    onClick={(event) => {
                      void library.opened(heatmap.id).catch(() => undefined); // only the order depends on it
                      link.onClick(event);
                    }}
                  >
                    {heatmap.name}
                  </a>
                </td>
                <td>{heatmap.page}</td>
                <td title={heatmap.application}>
                  <Name of={heatmap.application} />
                </td>
                <td>{chipsOf(readState(heatmap.address)).join(' · ')}</td>
                <td>{heatmap.author || text.unknown}</td>
                <td>{time(heatmap.opened_ms)}</td>
                <td>
                  <HeatmapTools {...toolsOf(heatmap)} heatmap={heatmap} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** An application's name. */
function Name({ of }: { of: string }) {
  return <>{useName(of)}</>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({
    overflowX: 'auto',
    '& a': { color: theme.colors.text.link },
    '& td': { maxWidth: 320, overflowWrap: 'anywhere' },
    '& td:first-child': { minWidth: 120 },
  }),
});
