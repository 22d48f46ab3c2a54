// Which picture the map lies on and why, how a new one is coming along, and the way to the others.

import { css, cx } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import type { BackgroundInfo } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { count, percent, timeFormat } from './format';
import { MakingStatus } from './MakingStatus';
import { MissingAssets } from './MissingAssets';
import { NewPicture } from './NewPicture';
import { PictureList } from './PictureList';
import { Popover } from './Popover';
import { serverText, stateName } from './serverText';
import { text } from './text';
import { useMaking } from './useMaking';
import { verdictOf } from './verdict';

interface BackgroundBarProps {
  background: BackgroundInfo | null;
  coverage: number | null;
}

export function BackgroundBar({ background, coverage }: BackgroundBarProps) {
  const styles = useStyles2(getStyles);
  const { state, timeZone } = useWorkspace();
  const { day } = timeFormat(timeZone);
  const words = text.background;
  const [how, why] =
    state.background !== 'auto'
      ? [words.chosen, undefined]
      : background?.pinned
        ? [words.pinned, words.pinnedWhy]
        : [words.auto, words.autoWhy];
  const verdict = background ? verdictOf(background) : '';
  const compared = background?.measured?.clicks ?? 0;
  return (
    <div className={styles.bar} role="group" aria-label={words.label}>
      {background ? (
        <span className={styles.facts}>
          {background.origin !== 'wireframe' && (
            <span>
              {words.origin[background.origin]} {words.seen(day(background.seen_ms))}
            </span>
          )}
          <span>{stateName(background.state)}</span>
          {verdict && (
            <span
              className={cx(background.measured?.verdict !== 'true' && styles.note)}
              title={compared > 0 ? words.measured.compared(count(compared), compared) : undefined}
            >
              {verdict}
            </span>
          )}
          {coverage !== null && <span>{words.shows(percent(coverage))}</span>}
          <span title={why}>{how}</span>
          {background.notices.map((note) => (
            <span key={note} className={styles.note}>
              {serverText(note)}
            </span>
          ))}
        </span>
      ) : (
        <span className={styles.facts}>{words.none}</span>
      )}
      {background && <MissingAssets background={background} />}
      <BackgroundPicker current={background?.id ?? ''} />
    </div>
  );
}

/** Choose among the pictures of the page, or make another. */
export function BackgroundPicker({ current }: { current: string }) {
  const styles = useStyles2(getStyles);
  const { readOnly } = useWorkspace();
  const making = useMaking();
  const [isNew, setNew] = useState(false);
  if (readOnly) {
    return null;
  }
  return (
    <span className={styles.picker}>
      <MakingStatus making={making} />
      <Popover
        label={text.background.choose}
        name={text.background.choose}
        icon="camera"
        size="sm"
        side="right"
        upwards
        width={380}
      >
        {(close) =>
          isNew ? (
            <NewPicture
              making={making}
              back={() => setNew(false)}
              done={() => {
                setNew(false);
                close();
              }}
            />
          ) : (
            <PictureList current={current} close={close} onNew={() => setNew(true)} />
          )
        }
      </Popover>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(0.5, 2),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    [theme.breakpoints.down('md')]: {
      padding: theme.spacing(0.25, 1, 0.25, 0),
      '& [aria-haspopup] > span': { display: 'none' },
    },
  }),
  facts: css({
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    color: theme.colors.text.secondary,
    [theme.breakpoints.down('md')]: { display: 'none' },
  }),
  note: css({ color: theme.colors.warning.text }),
  picker: css({
    display: 'inline-flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'flex-end',
    gap: theme.spacing(0.5, 1),
    marginLeft: 'auto',
    flex: 'none',
    maxWidth: '60%',
    [theme.breakpoints.down('md')]: { maxWidth: 'none' },
  }),
});
