// Elements coloured by friction or by an effect, above the picture; what is uncertain is a texture, never hot.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { toScreenBox } from '../heatmap/geometry';
import type { Tint } from './tint';
import { marks } from './tintMarks';

/** Smaller than this, a box has no room for words. */
const LEGIBLE = { width: 44, height: 14 };

export function TintLayer({ tints, zoom, opacity }: { tints: readonly Tint[]; zoom: number; opacity: number }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.layer} data-testid="tints">
      {tints.map((tint) => {
        const box = toScreenBox(tint.box, zoom);
        const legible = box.width >= LEGIBLE.width && box.height >= LEGIBLE.height;
        return (
          <div
            key={tint.element}
            data-testid="tint"
            data-uncertain={tint.uncertain}
            title={tint.label}
            className={cx(styles.box, tint.uncertain && marks.uncertain, tint.worse && marks.worse)}
            style={box}
          >
            {!tint.uncertain && (
              <span
                className={styles.fill}
                style={{ background: tint.colour, opacity: opacity * (tint.strength ?? 1) }}
              />
            )}
            {legible && tint.label && <span className={styles.label}>{tint.label}</span>}
          </div>
        );
      })}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  layer: css({ position: 'absolute', inset: 0, pointerEvents: 'none', overflow: 'hidden' }),
  box: css({
    position: 'absolute',
    borderRadius: 2,
    boxShadow: '0 0 0 1px #ffffff, 0 0 0 2px rgba(0, 0, 0, 0.55)',
    display: 'grid',
    placeItems: 'center',
  }),
  fill: css({ position: 'absolute', inset: 0, borderRadius: 2 }),
  label: css({
    position: 'relative',
    maxWidth: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    padding: '0 4px',
    borderRadius: 2,
    background: 'rgba(255, 255, 255, 0.9)',
    color: '#1b1b1b',
    fontSize: 11,
    lineHeight: '14px',
    fontVariantNumeric: 'tabular-nums',
  }),
});
