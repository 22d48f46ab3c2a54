// What the colours of elements say, where the map is coloured by friction or by an effect.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { BAD } from '../contract/query';
import { cssGradient } from '../heatmap/palette';
import { useWorkspace } from './context';
import { text } from './text';
import type { ColourBy } from './colours';
import { FULL, GAIN, LOSS, written } from './tint';
import { marks } from './tintMarks';

export function TintLegend({ colour }: { colour: Exclude<ColourBy, 'clicks'> }) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const { friction, effect } = text.causes;
  return (
    <p className={styles.legend} data-testid="tint-legend">
      {colour === 'change' ? (
        <>
          <Key colour={GAIN} /> {effect.gains} <Key colour={LOSS} /> {effect.losses}
          <span className={cx(styles.key, marks.worse)} aria-hidden /> {effect.worse}
          <span className={cx(styles.key, marks.uncertain)} aria-hidden /> {effect.unclear}
        </>
      ) : (
        <>
          <span title={friction.why} className={styles.scale}>
            {written(colour, 0)}
            <span className={styles.ramp} style={{ background: cssGradient(state.look.palette) }} aria-hidden />
            {friction.legend(written(colour, BAD[colour]))}
          </span>
          <span className={cx(styles.key, marks.uncertain)} aria-hidden /> {friction.uncertain}
        </>
      )}
    </p>
  );
}

function Key({ colour }: { colour: string }) {
  const styles = useStyles2(getStyles);
  return <span className={styles.key} style={{ background: colour }} aria-hidden />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    margin: 0,
    padding: theme.spacing(0.5, 2),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    background: theme.colors.background.primary,
    borderTop: `1px solid ${theme.colors.border.weak}`,
  }),
  scale: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(1) }),
  ramp: css({
    width: 120,
    height: 10,
    borderRadius: 2,
    display: 'inline-block',
    maskImage: `linear-gradient(to right, transparent, black ${FULL * 100}%)`, // as on the map
  }),
  key: css({ width: 14, height: 12, borderRadius: 2, display: 'inline-block', marginLeft: theme.spacing(1) }),
});
