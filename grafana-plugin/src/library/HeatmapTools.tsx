// What can be done with a saved heatmap: copy its link, rename, share and delete it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, IconButton, useStyles2 } from '@grafana/ui';

import type { SavedHeatmap } from '../contract/generated/answers';
import { useHost } from '../workspace/host';
import { text } from '../workspace/text';
import { useLibrary } from './context';
import { linkTo, savedSearch } from './links';

export interface HeatmapToolsProps {
  heatmap: SavedHeatmap;
  onRename: () => void;
  onShare: () => void;
  onDelete: () => void;
}

export function HeatmapTools({ heatmap, onRename, onShare, onDelete }: HeatmapToolsProps) {
  const styles = useStyles2(getStyles);
  const { url } = useLibrary();
  const { may } = useHost();
  const { href } = linkTo(url, savedSearch(heatmap));
  const words = text.library;
  return (
    <span className={styles.buttons}>
      <ClipboardButton
        size="sm"
        fill="text"
        variant="secondary"
        icon="link"
        aria-label={`${words.copyLink}: ${heatmap.name}`}
        tooltip={words.copyLink}
        getText={() => new URL(href, window.location.href).toString()}
      />
      {may.edit && (
        <>
          <IconButton name="pen" tooltip={words.rename.buttonOf(heatmap.name)} onClick={onRename} />
          <IconButton name="share-alt" tooltip={words.share.buttonOf(heatmap.name)} onClick={onShare} />
          <IconButton name="trash-alt" tooltip={words.deleteOf(heatmap.name)} onClick={onDelete} />
        </>
      )}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  buttons: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), flex: 'none' }),
});
