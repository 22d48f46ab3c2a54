// The Health page: what arrives, what becomes of it, what is missing and how to cure it.

import { css } from '@emotion/css';
import React, { useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, Icon, useStyles2 } from '@grafana/ui';

import type { Backend } from '../contract/backend';
import type { Range } from '../contract/query';
import type { ServerStatus } from '../contract/generated/answers';
import { ApplicationField } from '../workspace/ApplicationField';
import { useWorkspace } from '../workspace/context';
import { count, timeFormat } from '../workspace/format';
import { Problem } from '../workspace/Problem';
import { useApplications } from '../workspace/questions';
import { Skeleton } from '../workspace/Skeleton';
import { senderName } from '../workspace/serverText';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import { findingsOf, type PageCoverage } from './findings';
import { Frame } from './Frame';
import { searchOf } from './links';
import { PagesTable } from './PagesTable';
import { QuarantineTable } from './QuarantineTable';
import { snippetsFor } from './snippets';
import { tableStyles } from './tableStyles';

const LISTED = 20;

/** A rule of `page_rules`, as an example. */
const RULE = `[[rules]]
pattern = "/docs/**"   # * = within one part of the path, ** = anything
page = "Docs"`;

/** Stands in snippets for an address that is not known. */
const SERVER = 'https://isotherm.example.com/';

/** The most visited pages with the share of their clicks that is placed on their picture. */
async function coverageOf(backend: Backend, application: string, range: Range, signal: AbortSignal) {
  const { pages } = await backend.pages({ application, range, limit: LISTED }, signal);
  const answered: PageCoverage[] = [];
  for (const page of pages) {
    // One after the other: this page must not be the load it reports on.
    const stats = page.clicks
      ? await backend.ask({ question: 'heat', application, page: page.page, cell: 64 }, range, signal)
      : null;
    answered.push({ ...page, coverage: stats?.coverage ?? null });
  }
  return answered;
}

export function HealthPage({ actions }: { actions?: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { library, url, search } = useLibrary();
  const { backend, range } = useWorkspace();
  const applications = useApplications();
  const known = applications.value ?? [];
  const chosen = new URLSearchParams(search).get('app') ?? known[0]?.application ?? '';
  const status = useAnswer('status', (signal) => library.status(signal));
  const pages = useAnswer(chosen ? JSON.stringify([chosen, range]) : null, (signal) =>
    coverageOf(backend, chosen, range, signal)
  );
  const words = text.library.health;
  return (
    <Frame
      title={words.title}
      lead={words.lead}
      actions={actions}
      head={status.value && <span className={styles.quiet}>{words.version(status.value.version)}</span>}
    >
      {status.error && <Problem error={status.error} retry={status.retry} />}
      {status.loading && !status.value && <Skeleton of="page" />}
      {status.value && <Findings status={status.value} pages={pages.value ?? []} />}
      {status.value && <Arrivals status={status.value} />}
      {Object.values(status.value?.quarantine ?? {}).some((one) => one.recordings > 0) && (
        <QuarantineTable retried={status.retry} />
      )}
      <h2>{words.pages}</h2>
      {known.length > 1 && (
        <ApplicationField current={chosen} pick={(app) => url.write(searchOf('health', search, { app }), 'replace')} />
      )}
      {pages.error && <Problem error={pages.error} retry={pages.retry} />}
      {pages.loading && !pages.value && <Skeleton of="rows" />}
      {pages.value && <PagesTable pages={pages.value} application={chosen} />}
      <Grouping />
      <h2>{words.prerequisites}</h2>
      <dl className={styles.needs}>
        {words.needs.map(([what, need]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{need}</dd>
          </div>
        ))}
      </dl>
      <h2>{words.connect}</h2>
      <p className={styles.quiet}>{words.connectLead}</p>
      {Object.values(snippetsFor((status.value && library.address(status.value)) || SERVER)).map((snippet, i) => (
        <details key={snippet.name} className={styles.snippet} open={i === 0}>
          <summary>{snippet.name}</summary>
          <pre tabIndex={0}>{snippet.code}</pre>
          <ClipboardButton size="sm" variant="secondary" icon="copy" getText={() => snippet.code}>
            {words.snippetCopy}
          </ClipboardButton>
        </details>
      ))}
    </Frame>
  );
}

/** How addresses became pages, for whoever finds one page split into many, or many in one. */
function Grouping() {
  const styles = useStyles2(getStyles);
  const words = text.library.health.grouping;
  return (
    <details className={styles.snippet}>
      <summary>{words.title}</summary>
      <p>{words.lead}</p>
      <p>{words.rules}</p>
      <pre tabIndex={0}>{RULE}</pre>
      <p className={styles.quiet}>{words.later}</p>
    </details>
  );
}

function Findings({ status, pages }: { status: ServerStatus; pages: readonly PageCoverage[] }) {
  const styles = useStyles2(getStyles);
  const { time } = timeFormat(undefined);
  const words = text.library.health;
  const [nowMs] = useState(() => Date.now());
  const { library } = useLibrary();
  const found = findingsOf(status, pages, nowMs, time, library.address(status));
  if (!found.length) {
    return (
      <p className={styles.fine}>
        <Icon name="check-circle" /> {words.fine}
      </p>
    );
  }
  return (
    <section aria-label={words.findings}>
      <h2>{words.findings}</h2>
      <ul className={styles.findings} data-testid="findings">
        {found.map((finding) => (
          <li key={finding}>
            <Icon name="exclamation-triangle" /> <span>{finding}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Arrivals({ status }: { status: ServerStatus }) {
  const styles = useStyles2(getStyles);
  const table = useStyles2(tableStyles);
  const { time } = timeFormat(undefined);
  const words = text.library.health;
  const { intake, spool } = status;
  const senders = Object.entries(intake.senders);
  const drops = Object.entries(intake.dropped).sort((a, b) => b[1] - a[1]);
  const refusals = Object.entries(intake.refused ?? {}).sort((a, b) => b[1] - a[1]);
  const dropped = drops.reduce((sum, [, n]) => sum + n, 0);
  return (
    <div className={styles.columns}>
      <section>
        <h2>{words.senders}</h2>
        {senders.length === 0 ? (
          <p className={styles.quiet}>{words.noSenders}</p>
        ) : (
          <>
            <table className={table} aria-label={words.senders}>
              <thead>
                <tr>
                  <th>{words.senderColumns.sender}</th>
                  <th className="number">{words.senderColumns.received}</th>
                  <th>{words.senderColumns.last}</th>
                </tr>
              </thead>
              <tbody>
                {senders.map(([sender, one]) => (
                  <tr key={sender}>
                    <td>{senderName(sender)}</td>
                    <td className="number">{count(one.received)}</td>
                    <td>{one.last_event_ms === null ? text.unknown : time(one.last_event_ms)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p className={styles.quiet}>
              {words.totals(count(intake.received), count(intake.accepted), count(dropped))}
            </p>
          </>
        )}
        <p className={styles.quiet}>{words.sinceStart}</p>
      </section>
      <section>
        <h2>{words.drops}</h2>
        {drops.length === 0 ? (
          <p className={styles.quiet}>{words.noDrops}</p>
        ) : (
          <Reasons of={drops} label={words.drops} columns={words.dropColumns} names={words.reasons} />
        )}
        {refusals.length > 0 && (
          <>
            <h2>{words.refusals}</h2>
            <Reasons of={refusals} label={words.refusals} columns={words.refusalColumns} names={words.refusalReasons} />
          </>
        )}
      </section>
      <section>
        <h2>{words.parts}</h2>
        <table className={table} aria-label={words.parts}>
          <tbody>
            {(['store', 'saved', 'worker', 'readers', 'capture'] as const).map((part) => (
              <tr key={part}>
                <th>{words.partNames[part]}</th>
                <td>{status[part]?.ok === false ? words.notOk : status[part] ? words.ok : text.unknown}</td>
              </tr>
            ))}
            <tr>
              <th>{words.partNames.spool}</th>
              <td>{words.pending(count(spool.pending), count(spool.dead))}</td>
            </tr>
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Reasons({
  of,
  label,
  columns,
  names,
}: {
  of: Array<[reason: string, n: number]>;
  label: string;
  columns: { reason: string; count: string };
  names: Readonly<Record<string, string | undefined>>;
}) {
  const table = useStyles2(tableStyles);
  return (
    <table className={table} aria-label={label}>
      <thead>
        <tr>
          <th>{columns.reason}</th>
          <th className="number">{columns.count}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(([reason, n]) => (
          <tr key={reason}>
            <td>{names[reason] ?? reason.replaceAll('_', ' ')}</td>
            <td className="number">{count(n)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  fine: css({ color: theme.colors.success.text }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 300px), 1fr))',
    gap: theme.spacing(0, 4),
  }),
  findings: css({
    listStyle: 'none',
    '& li': {
      display: 'flex',
      gap: theme.spacing(1),
      padding: theme.spacing(1, 1.5),
      marginBottom: theme.spacing(0.5),
      borderLeft: `3px solid ${theme.colors.warning.border}`,
      background: theme.colors.warning.transparent,
    },
    '& svg': { flex: 'none', marginTop: 2, color: theme.colors.warning.text },
  }),
  needs: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 280px), 1fr))',
    gap: theme.spacing(2),
    '& dd': { margin: 0, color: theme.colors.text.secondary },
  }),
  snippet: css({
    padding: theme.spacing(1, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& summary': { cursor: 'pointer', fontWeight: theme.typography.fontWeightMedium },
    '& pre': { margin: theme.spacing(1, 0), maxHeight: 320, overflow: 'auto' },
  }),
});
