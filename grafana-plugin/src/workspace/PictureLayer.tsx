// The page's picture: its strips as images, each loaded when it comes near the screen.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import type { MapWindow } from './mapWindow';
import { stepUp } from './pictureWidth';
import { text } from './text';

interface PictureLayerProps {
  background: BackgroundInfo | null;
  window: MapWindow;
}

/** Strips this many windows away are there already when somebody scrolls to them. */
const AHEAD = 2;

export function PictureLayer({ background, window: seen }: PictureLayerProps) {
  const { zoom } = seen;
  const styles = useStyles2(getStyles);
  const { backend } = useWorkspace();
  const [failed, setFailed] = useState('');
  const width = useWidth(background, zoom);
  if (!background) {
    return <div className={styles.blank} aria-hidden />;
  }
  const strips = background.tiles.length
    ? background.tiles.map((tile) => ({ ...tile, url: backend.fileUrl(tile.url, width) }))
    : [{ top: 0, height: background.height, url: backend.pictureUrl(background.id, width) }];
  return (
    <div className={styles.layer}>
      {strips
        .filter((strip) => isNear(strip, seen))
        .map((strip) => (
          <img
            key={`${background.id} ${strip.top}`} // what is shown stays until a larger one is there
            src={strip.url}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
            style={{ top: strip.top * zoom, height: strip.height * zoom, width: background.width * zoom }}
            onError={() => setFailed(background.id)}
          />
        ))}
      {failed === background.id && <p className={styles.failed}>{text.map.pictureFailed}</p>}
    </div>
  );
}

/** Whether a strip is on the screen or near it: the others would only take memory, hundreds of MB on a long page. */
function isNear(strip: { top: number; height: number }, { zoom, scrollTop, height }: MapWindow): boolean {
  const [from, to] = [scrollTop - AHEAD * height, scrollTop + (1 + AHEAD) * height];
  return (strip.top + strip.height) * zoom > from && strip.top * zoom < to;
}

/** The width in device px that the picture is loaded at; undefined = as it is stored. */
function useWidth(background: BackgroundInfo | null, zoom: number): number | undefined {
  const { id, width } = background ?? { id: '', width: 0 };
  const needed = stepUp(width * zoom);
  const [loaded, setLoaded] = useState({ id, width: needed });
  if (loaded.id !== id || loaded.width < needed) {
    setLoaded({ id, width: needed });
  }
  const largest = loaded.id === id ? Math.max(loaded.width, needed) : needed;
  return largest < width ? largest : undefined;
}

const getStyles = (theme: GrafanaTheme2) => ({
  layer: css({
    position: 'absolute',
    inset: 0,
    '& img': { position: 'absolute', left: 0, maxWidth: 'none', userSelect: 'none' },
  }),
  blank: css({
    position: 'absolute',
    inset: 0,
    backgroundColor: theme.colors.background.secondary,
    backgroundImage: `linear-gradient(${theme.colors.border.weak} 1px, transparent 1px)`,
    backgroundSize: '100% 40px',
  }),
  failed: css({
    position: 'absolute',
    top: theme.spacing(2),
    left: theme.spacing(2),
    padding: theme.spacing(0.5, 1),
    background: theme.colors.background.primary,
  }),
});
