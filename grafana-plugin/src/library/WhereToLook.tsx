// Where to look today: what got worse first, then every application with its most telling pages.

import { css } from '@emotion/css';
import React, { useEffect, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';

import type { Overview } from '../contract/generated/answers';
import { useWorkspace } from '../workspace/context';
import { count, exact, timeFormat } from '../workspace/format';
import { useHost } from '../workspace/host';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useAttempt } from '../workspace/useAttempt';
import { useDebounced } from '../workspace/useDebounced';
import { Waiting } from '../workspace/Waiting';
import { attentionOf, isCompared } from './attention';
import { Change } from '../workspace/Change';
import { ConnectSite } from './ConnectSite';
import { useLibrary } from './context';
import { linkTo, searchOf } from './links';
import { PageTile } from './PageTile';
import { RenameDialog } from './RenameDialog';
import { fourAcross } from './tileGrid';
import { TileSkeletons } from './TileSkeletons';

const FIRST = 30;
const MORE = 4;
/** Pages of each application: a row of tiles. */
const PAGES = 4;
const TYPING_MS = 250;

type Application = Overview['applications'][number];

interface WhereToLookProps {
  search: string;
  /** Told whether the server knows any application. */
  onEmpty: (empty: boolean) => void;
}

export function WhereToLook({ search, onEmpty }: WhereToLookProps) {
  const styles = useStyles2(getStyles);
  const { backend, range, asOf } = useWorkspace();
  const [limit, setLimit] = useState(FIRST);
  const [renaming, setRenaming] = useState<Application | null>(null);
  const wanted = useDebounced(search, TYPING_MS);
  const asked = useAnswer(JSON.stringify(['overview', range, wanted, limit, asOf]), async (signal) =>
    backend.overview
      ? backend.overview({ range, search: wanted, limit, pages: PAGES }, signal)
      : { applications: [], total: 0 }
  );
  const { library } = useLibrary();
  const naming = useAttempt(asked.retry);
  const words = text.library.overview;
  const overview = asked.value;
  const isEmpty = overview?.total === 0 && !wanted;
  useEffect(() => onEmpty(isEmpty), [isEmpty, onEmpty]);
  if (!overview) {
    return (
      <>
        <Waiting asked={asked} what={text.slow.other} />
        {asked.loading && <TileSkeletons />}
      </>
    );
  }
  if (!overview.total) {
    return wanted ? <p>{words.noneFound}</p> : <ConnectSite arrived={asked.retry} />;
  }
  const first = wanted ? [] : attentionOf(overview);
  return (
    <>
      <Waiting asked={asked} what={text.slow.other} />
      {first.length > 0 && (
        <section aria-labelledby="isotherm-first">
          <h2 id="isotherm-first">{words.first}</h2>
          <ul className={styles.tiles} aria-label={words.first}>
            {first.map(({ application, page, why, signal }) => (
              <li key={`${application} ${page.page}`}>
                <PageTile application={application} page={page} compared={false} signal={signal} why={why} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <h2>{words.applications(count(overview.total), overview.total)}</h2>
      {overview.applications.map((one) => (
        <OneApplication key={one.application} one={one} rename={() => setRenaming(one)} />
      ))}
      {overview.total > overview.applications.length && (
        <Button variant="secondary" onClick={() => setLimit(limit * MORE)}>
          {words.showMore(count(overview.total - overview.applications.length))}
        </Button>
      )}
      {renaming && (
        <RenameDialog
          title={words.nameTitle(renaming.application)}
          name={renaming.name}
          problem={naming.problem}
          onClose={() => {
            setRenaming(null);
            naming.clear();
          }}
          onRename={(name) =>
            void naming.attempt(library.name(renaming.application, name), () => {
              setRenaming(null);
              asked.retry();
            })
          }
        />
      )}
    </>
  );
}

function OneApplication({ one, rename }: { one: Application; rename: () => void }) {
  const styles = useStyles2(getStyles);
  const { url, search } = useLibrary();
  const { may } = useHost();
  const { time } = timeFormat(useWorkspace().timeZone);
  const words = text.library.overview;
  const compared = isCompared(one);
  return (
    <section className={styles.application} aria-label={one.name}>
      <div className={styles.head}>
        <h3 title={one.application}>{one.name}</h3>
        {may.edit && (
          <IconButton
            name="pen"
            size="sm"
            aria-label={words.nameOf(one.name)}
            tooltip={words.nameOf(one.name)}
            onClick={rename}
          />
        )}
        <span className={styles.numbers} title={exact(one.views)}>
          {text.views(count(one.views), one.views)} {compared && <Change now={one.views} before={one.views_before} />}
        </span>
        <span className={styles.numbers} title={exact(one.clicks)}>
          {text.clicks(count(one.clicks), one.clicks)}{' '}
          {compared && <Change now={one.clicks} before={one.clicks_before} />}
        </span>
        {one.rage > 0 && (
          <span className={styles.numbers} title={exact(one.rage)}>
            {text.rageClicks(count(one.rage))} {compared && <Change bad now={one.rage} before={one.rage_before} />}
          </span>
        )}
        {one.release && (
          <span className={styles.release}>{words.release(one.release.version, time(one.release.since_ms))}</span>
        )}
        <a className={styles.all} {...linkTo(url, searchOf('new', search, { app: one.application }))}>
          {words.allPages(count(one.pages_total), one.pages_total)}
        </a>
      </div>
      <ul className={styles.tiles} aria-label={words.pagesOf(one.name)}>
        {one.pages.map((page) => (
          <li key={page.page}>
            <PageTile application={one.application} page={page} compared={compared} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tiles: css({
    ...fourAcross(theme),
    listStyle: 'none',
    [theme.breakpoints.down('sm')]: {
      gridAutoFlow: 'column',
      gridTemplateColumns: 'none',
      gridAutoColumns: '78%',
      overflowX: 'auto',
      scrollSnapType: 'x proximity',
      '& > li': { scrollSnapAlign: 'start' },
    },
  }),
  application: css({
    padding: theme.spacing(2, 0),
    borderTop: `1px solid ${theme.colors.border.weak}`,
    // What is off the screen is not laid out: hundreds of applications stay quick.
    contentVisibility: 'auto',
    containIntrinsicSize: 'auto 340px',
  }),
  head: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5, 2),
    marginBottom: theme.spacing(1.5),
    '& h3': { ...theme.typography.h5, margin: 0, overflowWrap: 'anywhere' },
  }),
  numbers: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  release: css({
    padding: theme.spacing(0, 1),
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.action.selected,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  all: css({ marginLeft: 'auto', color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
});
