// The scroll map in a panel: bands by the share of views, the fold, and the share at the pointer.
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { depthOfShare, readDepth, scrollGradient, WASH, WASHED_PICTURE } from '../heatmap/scrollmap';
import { count, percent, px } from '../workspace/format';
import { FoldLine } from '../workspace/marks';
import { text as shared } from '../workspace/text';
import { Foot, FOOT_HEIGHT, Legend } from './Foot';
import type { PanelOptions } from './options';
import { PageWindow, type Strip } from './PageWindow';
import type { ScrollModel } from './prepare';
import { text } from './text';

interface ScrollPanelProps {
  model: ScrollModel;
  options: PanelOptions;
  strips: Strip[];
  room: { width: number; height: number };
}

const LABELLED = [0.75, 0.5, 0.25];
/** Page width where there is no picture: depth alone is known. */
const BLANK_WIDTH = 1280;

export function ScrollPanel({ model, options, strips, room }: ScrollPanelProps) {
  const styles = useStyles2(getStyles);
  const [depth, setDepth] = useState<number | null>(null);
  const { scroll } = model;
  const { background, rows } = scroll;
  const deepest = rows.length ? rows[rows.length - 1].depth_px : 1;
  const page = { width: background?.width ?? BLANK_WIDTH, height: background?.height ?? Math.max(1, deepest) };
  const wash = useMemo(
    () => scrollGradient(rows, page.height, options.palette, options.opacity * WASH),
    [rows, page.height, options.palette, options.opacity]
  );
  const here = depth === null ? null : readDepth(rows, depth);
  return (
    <>
      <PageWindow
        page={page}
        room={{ width: room.width, height: room.height - (options.legend ? FOOT_HEIGHT : 0) }}
        zoom={options.zoom}
        strips={strips}
        label={text.labels.scroll}
        strength={options.picture || WASHED_PICTURE}
        onPoint={(place) => setDepth(place?.y ?? null)}
      >
        {({ zoom }) => (
          <>
            <div className={styles.wash} style={{ background: wash }} />
            {LABELLED.map((share) => {
              const at = depthOfShare(rows, share);
              return at === null || at >= page.height ? null : (
                <div key={share} className={styles.mark} style={{ top: at * zoom }}>
                  <span>{text.ofViews(percent(share))}</span>
                </div>
              );
            })}
            {options.fold && <FoldLine foldPx={scroll.fold_px} zoom={zoom} />}
            {depth !== null && here && (
              <div className={styles.mark} style={{ top: depth * zoom }} data-testid="isotherm-depth">
                <span>{text.reached(percent(here.share), px(depth))}</span>
              </div>
            )}
          </>
        )}
      </PageWindow>
      {options.legend && (
        <Foot>
          <Legend palette={options.palette} from={percent(0)} to={text.ofViews(percent(1))} />
          <span>{shared.views(count(scroll.views), scroll.views)}</span>
        </Foot>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  wash: css({ position: 'absolute', inset: 0, pointerEvents: 'none' }),
  mark: css({
    position: 'absolute',
    left: 0,
    right: 0,
    borderTop: `1px solid ${theme.colors.text.primary}`,
    pointerEvents: 'none',
    '& span': {
      position: 'absolute',
      left: 0,
      padding: theme.spacing(0, 0.75),
      color: theme.colors.text.primary,
      background: theme.colors.background.primary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
  }),
});
