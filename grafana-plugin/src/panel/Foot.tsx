// Below the map: what the colours mean, and how much of the data the map shows.
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2 } from '@grafana/ui';
import React from 'react';

import type { Behind, OtherPicture } from '../contract/answers';
import type { BackgroundInfo } from '../contract/generated/answers';
import { cssGradient, type PaletteName } from '../heatmap/palette';
import { count, percent } from '../workspace/format';
import { serverText, stateName } from '../workspace/serverText';
import { text as shared } from '../workspace/text';
import { verdictOf } from '../workspace/verdict';
import { text } from './text';

export const FOOT_HEIGHT = 28;

interface LegendProps {
  palette: PaletteName;
  from: string;
  to: string;
}

export function Legend({ palette, from, to }: LegendProps) {
  const styles = useStyles2(getStyles);
  return (
    <span className={styles.legend} data-testid="isotherm-legend">
      {from}
      <span className={styles.ramp} style={{ background: cssGradient(palette) }} />
      {to}
    </span>
  );
}

interface CoverageProps {
  answer: Behind;
  /** What the clicks lie on. */
  background?: BackgroundInfo | null;
  others?: readonly OtherPicture[];
}

const clicksOf = (clicks: number): string => shared.clicks(count(clicks), Math.round(clicks));

export function Coverage({ answer, background, others = [] }: CoverageProps) {
  const styles = useStyles2(getStyles);
  const rest = Object.entries(answer.unplaced).filter(([, clicks]) => clicks > 0);
  const verdict = background ? verdictOf(background) : '';
  const lines = [
    ...(verdict ? [verdict] : []),
    ...others.map((other) => text.inState(stateName(other.background.state), clicksOf(other.clicks))),
    ...rest.map(([reason, clicks]) => `${clicksOf(clicks)}: ${shared.unplaced.reasons[reason] ?? reason}`),
    ...answer.notices.map(serverText),
  ];
  const amount = `${answer.estimated ? '≈ ' : answer.exact ? '' : '≥ '}${clicksOf(answer.clicks)}`;
  const placed = background?.origin === 'wireframe' ? text.onWireframe : text.onPicture;
  const elsewhere = others.reduce((sum, other) => sum + other.clicks, 0);
  const line = [
    amount,
    ...(answer.coverage === null ? [] : [placed(percent(answer.coverage))]),
    ...(elsewhere > 0 ? [text.elsewhere(count(elsewhere))] : []),
  ].join(' · ');
  const shown = (
    <span
      className={styles.coverage}
      data-testid="isotherm-coverage"
      title={lines.length ? undefined : line}
      tabIndex={lines.length ? 0 : undefined}
    >
      {line}
    </span>
  );
  // In a narrow panel the line is cut; here it is whole.
  const list = [line, ...lines].map((one) => <div key={one}>{one}</div>);
  return lines.length ? <Tooltip content={<>{list}</>}>{shown}</Tooltip> : shown;
}

export function Foot({ children }: { children: React.ReactNode }) {
  const styles = useStyles2(getStyles);
  return <div className={styles.foot}>{children}</div>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  foot: css({
    height: FOOT_HEIGHT,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    // In a narrow panel the legend shrinks first, as far as its numbers can still be read; then the line beside it is cut.
    '& > :first-child:not(:empty)': { display: 'flex', flex: '0 4 auto', minWidth: 130, overflow: 'hidden' },
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  legend: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  ramp: css({ width: 120, minWidth: 24, height: 8, borderRadius: theme.shape.radius.default }),
  coverage: css({ flex: '0 1 auto', minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }),
});
