// Waits for the first event of a new site, shows the first click on its picture, and says what to look at if nothing comes.

import { css, cx, keyframes } from '@emotion/css';
import React, { useEffect, useRef, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, LinkButton, useStyles2 } from '@grafana/ui';

import type { ServerStatus } from '../contract/generated/answers';
import type { DropReason } from '../contract/query';
import { CauseList } from '../workspace/CauseList';
import { useWorkspace } from '../workspace/context';
import type { Verdict } from '../workspace/emptiness';
import { count } from '../workspace/format';
import { DEFAULT_STATE } from '../workspace/state';
import { text } from '../workspace/text';
import { CardMap } from './CardMap';
import { useLibrary } from './context';
import { signsOf, type Signs, type SiteSeen } from './firstSigns';
import { linkTo, searchOf } from './links';

const EVERY_MS = 3000;
/** Events may carry the clock of the visitor's machine. */
const SLACK_MS = 86_400_000;
/** Applications whose names have the site's in them. */
const MOST_ALIKE = 100;

interface Seen {
  before: ServerStatus;
  now: ServerStatus;
  /** The site that is waited for, once it has sent something. */
  site: SiteSeen | undefined;
  /** Applications that were there when the waiting began. */
  others: ReadonlySet<string>;
  /** Told anew with every look, so that the picture is asked for again. */
  look: number;
}

/** Looks at the server every few seconds for a site: the one of that name, or else one that was not there before. */
function useSigns(name: string): Seen | null {
  const { backend } = useWorkspace();
  const { library } = useLibrary();
  const [seen, setSeen] = useState<Seen | null>(null);
  const others = useRef<ReadonlySet<string>>();
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const to = Date.now() + SLACK_MS;
        const range = { from: to - 2 * SLACK_MS, to };
        const [now, known] = await Promise.all([library.status(stop.signal), backend.applications(range, stop.signal)]);
        const ids = known.map(({ application }) => application);
        const there = (others.current ??= new Set(ids));
        const found = ids.includes(name) ? name : ids.find((id) => !there.has(id));
        const asked = { range, search: found, limit: MOST_ALIKE, pages: 1 };
        const overview = found === undefined ? undefined : await backend.overview?.(asked, stop.signal);
        const site = overview?.applications.find(({ application }) => application === found);
        setSeen((old) => ({ before: old?.before ?? now, now, site, others: there, look: (old?.look ?? 0) + 1 }));
      } catch {
        // The server is not there for a moment: the next look will tell.
      }
      if (!stop.signal.aborted) {
        timer = setTimeout(() => void look(), EVERY_MS);
      }
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [backend, library, name]);
  return seen;
}

interface FirstClickProps {
  /** The application that the site sends as. */
  name: string;
  address: string;
  arrived: () => void;
}

export function FirstClick({ name, address, arrived }: FirstClickProps) {
  const styles = useStyles2(getStyles);
  const seen = useSigns(name);
  const { url, search } = useLibrary();
  const words = text.library.connect;
  const found = useRef<HTMLDivElement>(null);
  const stage = seen && signsOf(seen.before, seen.now, seen.site, seen.others.size === 0).stage;
  useEffect(() => {
    found.current?.scrollIntoView({ block: 'nearest' }); // what was waited for may come below the screen's edge
  }, [stage]);
  if (!seen) {
    return <p role="status">{text.loading}</p>;
  }
  const signs = signsOf(seen.before, seen.now, seen.site, seen.others.size === 0);
  const application = seen.site;
  const page = application?.pages[0];
  const clicked = signs.stage === 'click' || signs.stage === 'picture';
  return (
    <>
      <p role="status" className={cx(styles.stage, clicked && styles.good)} data-stage={signs.stage}>
        <span className={cx(styles.dot, signs.stage !== 'picture' && styles.waiting)} aria-hidden />
        {words.stages[signs.stage](count(signs.received))}
      </p>
      {signs.dropped.length > 0 && (
        <ul className={styles.list}>
          {signs.dropped.map(([reason, events]) => (
            <li key={reason}>
              {count(events)} · {text.library.health.reasons[reason as DropReason] ?? reason}
            </li>
          ))}
        </ul>
      )}
      {application && page && clicked && (
        <div ref={found} className={styles.first}>
          <CardMap
            key={`${page.background ?? ''} ${page.clicks}`}
            state={{ ...DEFAULT_STATE, application: application.application, page: page.page, from: 'now-24h' }}
          />
          <div className={styles.found}>
            <strong>{page.page}</strong>
            <span>{text.clicks(count(page.clicks), page.clicks)}</span>
            <LinkButton
              {...linkTo(url, searchOf('heatmap', search, { app: application.application, page: page.page }))}
            >
              {words.open}
            </LinkButton>
            <Button variant="secondary" onClick={arrived}>
              {words.overview}
            </Button>
          </div>
        </div>
      )}
      {!clicked && <IfNothingComes signs={signs} address={address} />}
    </>
  );
}

function IfNothingComes({ signs, address }: { signs: Signs; address: string }) {
  const styles = useStyles2(getStyles);
  const words = text.library.connect;
  const { origin, hostname, protocol } = new URL(address);
  const reached: Verdict = signs.received > 0 ? 'ruledOut' : 'unknown';
  const local = hostname === 'localhost' || hostname.startsWith('127.');
  const checks: Array<[Verdict, string]> = [
    [reached, words.checks.address(address)],
    ...(local ? [[reached === 'unknown' ? 'likely' : reached, words.checks.local(hostname)] as [Verdict, string]] : []),
    ...(protocol === 'http:' && !local ? [[reached, words.checks.mixed] as [Verdict, string]] : []),
    [reached, words.checks.csp(origin)],
    [reached, words.checks.blocker],
    [reached, words.checks.sampled],
    ['unknown', words.checks.interactions],
  ];
  return (
    <details className={styles.help}>
      <summary>{words.nothing}</summary>
      <CauseList causes={checks.map(([verdict, said]) => ({ verdict, words: said }))} />
    </details>
  );
}

const pulse = keyframes({ '0%, 100%': { opacity: 1 }, '50%': { opacity: 0.3 } });

const getStyles = (theme: GrafanaTheme2) => ({
  stage: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), margin: theme.spacing(0, 0, 1) }),
  good: css({ color: theme.colors.success.text, fontWeight: theme.typography.fontWeightMedium }),
  dot: css({ flex: 'none', width: 10, height: 10, borderRadius: '50%', background: 'currentColor' }),
  waiting: css({
    animation: `${pulse} 1.6s ease-in-out infinite`,
    '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
  }),
  list: css({
    listStyle: 'none',
    '& li': { display: 'flex', gap: theme.spacing(1), padding: theme.spacing(0.5, 0), overflowWrap: 'anywhere' },
  }),
  help: css({ '& summary': { cursor: 'pointer', color: theme.colors.text.link }, marginTop: theme.spacing(1) }),
  first: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 320px) 1fr',
    border: `1px solid ${theme.colors.success.border}`,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: '1fr' },
  }),
  found: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    padding: theme.spacing(2),
  }),
});
