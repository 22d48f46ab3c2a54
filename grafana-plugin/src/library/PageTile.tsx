// A page on the home page: its heat in small, its numbers, how they changed, and what there is to see.

import { css } from '@emotion/css';
import React, { useMemo } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { useWorkspace } from '../workspace/context';
import { count } from '../workspace/format';
import { DEFAULT_STATE } from '../workspace/state';
import { text } from '../workspace/text';
import { useApplicationName } from '../workspace/useApplicationName';
import type { OverviewPage } from './attention';
import { CardMap } from './CardMap';
import { Change } from '../workspace/Change';
import { useLibrary } from './context';
import { linkTo, searchOf } from './links';
import { Trend } from './Trend';

interface PageTileProps {
  application: string;
  page: OverviewPage;
  /** Whether the time before has anything to compare with. */
  compared: boolean;
  signal?: 'rage' | '';
  /** Why it is shown; with it the application is named, too. */
  why?: string;
}

export function PageTile({ application, page, compared, signal = '', why }: PageTileProps) {
  const styles = useStyles2(getStyles);
  const { state: here } = useWorkspace();
  const { url, search } = useLibrary();
  const name = useApplicationName(application);
  const { from, to } = here;
  const state = useMemo(
    () => ({ ...DEFAULT_STATE, application, page: page.page, from, to, signal: signal || ('all' as const) }),
    [application, page.page, from, to, signal]
  );
  const words = text.library.overview;
  return (
    <a
      className={styles.tile}
      {...linkTo(url, searchOf('heatmap', search, { app: application, page: page.page, signal }))}
    >
      <CardMap
        state={state}
        empty={page.background ? undefined : page.recorded_views > 0 ? words.pictureComing : words.noRecording}
      />
      <span className={styles.words}>
        <strong title={page.page}>{page.page}</strong>
        {why && <span className={styles.name}>{name}</span>}
        {why && <span className={styles.why}>{why}</span>}
        {page.rage > 0 && !why && <span className={styles.rage}>{text.rageClicks(count(page.rage))}</span>}
        <span className={styles.numbers}>
          <span className={styles.quiet}>
            {text.clicks(count(page.clicks), page.clicks)}{' '}
            {compared && <Change now={page.clicks} before={page.clicks_before} />}
          </span>
          <Trend values={page.trend} />
        </span>
      </span>
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tile: css({
    display: 'flex',
    flexDirection: 'column',
    height: '100%',
    overflow: 'hidden',
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    '&:hover': { borderColor: theme.colors.border.strong },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 1 },
  }),
  words: css({
    flex: 1,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.25),
    padding: theme.spacing(1, 1.5),
    '& > strong': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  }),
  name: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  why: css({ color: theme.colors.error.text, fontWeight: theme.typography.fontWeightMedium }),
  numbers: css({
    display: 'flex',
    alignItems: 'end',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginTop: 'auto',
    paddingTop: theme.spacing(0.5),
  }),
  quiet: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
  rage: css({ color: theme.colors.error.text, fontSize: theme.typography.bodySmall.fontSize }),
});
