// Saved heatmaps as a table: many of them at a glance.

import React from 'react';

import type { SavedHeatmap } from '../contract/generated/answers';
import { timeFormat } from '../workspace/format';
import { ApplicationName } from '../workspace/ApplicationName';
import { readState } from '../workspace/state';
import { text } from '../workspace/text';
import { chipsOf } from './chips';
import { useLibrary } from './context';
import { DataTable } from './DataTable';
import { HeatmapTools, type HeatmapToolsProps } from './HeatmapTools';
import { linkTo, savedSearch } from './links';

interface HeatmapTableProps {
  heatmaps: readonly SavedHeatmap[];
  toolsOf: (heatmap: SavedHeatmap) => Omit<HeatmapToolsProps, 'heatmap'>;
}

export function HeatmapTable({ heatmaps, toolsOf }: HeatmapTableProps) {
  const { time } = timeFormat(undefined);
  const words = text.library;
  const { columns } = words.table;
  return (
    <DataTable
      label={words.title}
      rows={heatmaps}
      keyOf={({ id }) => id}
      columns={[
        { head: columns.name, cell: (heatmap) => <Opening heatmap={heatmap} /> },
        { head: columns.page, cell: ({ page }) => page },
        { head: columns.application, cell: ({ application }) => <ApplicationName of={application} /> },
        { head: columns.scope, cell: ({ address }) => chipsOf(readState(address)).join(' · ') },
        { head: columns.author, cell: ({ author }) => author || text.unknown },
        { head: columns.opened, cell: (heatmap) => time(heatmap.opened_ms) },
        { cell: (heatmap) => <HeatmapTools {...toolsOf(heatmap)} heatmap={heatmap} /> },
      ]}
    />
  );
}

/** The link to a heatmap, which becomes the last one opened. */
function Opening({ heatmap }: { heatmap: SavedHeatmap }) {
  const { library, url } = useLibrary();
  const link = linkTo(url, savedSearch(heatmap));
  return (
    <a
      {...link}
      onClick={(event) => {
        void library.opened(heatmap.id).catch(() => undefined); // only the order depends on it
        link.onClick(event);
      }}
    >
      {heatmap.name}
    </a>
  );
}
