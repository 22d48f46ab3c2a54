// The sites an application is connected to: what its pictures may be made of, and what else would help them.

import { css } from '@emotion/css';
import React, { useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, LinkButton, useStyles2 } from '@grafana/ui';

import type { Site, Suggestion } from '../contract/generated/answers';
import type { Sites } from '../contract/sites';
import { AllowSite } from '../workspace/AllowSite';
import { ApplicationField } from '../workspace/ApplicationField';
import { useWorkspace } from '../workspace/context';
import { count } from '../workspace/format';
import { useHost } from '../workspace/host';
import { EmptyList } from '../workspace/EmptyList';
import { Problem } from '../workspace/Problem';
import { useApplications } from '../workspace/questions';
import { Skeleton } from '../workspace/Skeleton';
import { text } from '../workspace/text';
import { Undo } from '../workspace/Undo';
import { useAnswer } from '../workspace/useAnswer';
import { useAttempt } from '../workspace/useAttempt';
import { useLibrary } from './context';
import { DataTable } from './DataTable';
import { Frame } from './Frame';
import { linkTo, searchOf } from './links';

export function SitesPage({ actions }: { actions?: ReactNode }) {
  const { url, search } = useLibrary();
  const { backend } = useWorkspace();
  const applications = useApplications();
  const known = applications.value ?? [];
  const chosen = new URLSearchParams(search).get('app') || (known[0]?.application ?? '');
  const words = text.sites;
  return (
    <Frame title={words.title} lead={words.lead} actions={actions}>
      {applications.error && <Problem error={applications.error} retry={applications.retry} />}
      {applications.loading && !applications.value && <Skeleton of="rows" />}
      {applications.value?.length === 0 && (
        <EmptyList icon="plug" title={text.empty.noEvents.title} help={words.nothing}>
          <LinkButton icon="plug" {...linkTo(url, searchOf('connect', search))}>
            {text.library.connect.page}
          </LinkButton>
        </EmptyList>
      )}
      {known.length > 1 && (
        <ApplicationField current={chosen} pick={(app) => url.write(searchOf('sites', search, { app }), 'replace')} />
      )}
      {chosen && backend.sites && <OfApplication key={chosen} application={chosen} sites={backend.sites} />}
    </Frame>
  );
}

function OfApplication({ application, sites }: { application: string; sites: Sites }) {
  const styles = useStyles2(getStyles);
  const { may } = useHost();
  const asked = useAnswer(JSON.stringify(['sites', application]), (signal) => sites.list(application, signal));
  const { problem, clear, attempt } = useAttempt(asked.retry);
  const [told, setTold] = useState('');
  const [gone, setGone] = useState<Site | null>(null);
  const words = text.sites;
  const tell = (done: string) => {
    setTold(done);
    asked.retry();
  };
  const allowed = (site: string, pictures: number) => tell(words.allowed(site, count(pictures), pictures));
  const add = (site: string) => attempt(sites.allow(application, site), (pictures) => allowed(site, pictures));
  const remove = (one: Site) => attempt(sites.remove(one.id), () => (setGone(one), tell('')));
  return (
    <>
      {asked.error && <Problem error={asked.error} retry={asked.retry} />}
      {asked.loading && !asked.value && <Skeleton of="rows" />}
      {problem && <Problem error={problem} close={clear} />}
      <p role="status">{told}</p>
      {gone && (
        <Undo
          done={words.removed(gone.site)}
          onUndo={() =>
            void attempt(
              gone.private ? sites.allowPrivate(application, gone.site) : sites.allow(application, gone.site),
              (pictures) => (setGone(null), allowed(gone.site, pictures))
            )
          }
          onDismiss={() => setGone(null)}
        />
      )}
      {asked.value && (
        <>
          <h2>{words.connected}</h2>
          {asked.value.sites.length === 0 && <p>{words.none}</p>}
          <SiteTable sites={asked.value.sites} onRemove={may.edit ? (site) => void remove(site) : undefined} />
          {may.edit && <AddSite onAdd={(site) => void add(site)} />}
          {asked.value.suggestions.length > 0 && (
            <section aria-label={words.suggested}>
              <h2>{words.suggested}</h2>
              <p className={styles.quiet}>{words.suggestedLead}</p>
              <ul className={styles.list}>
                {asked.value.suggestions.map((one) => (
                  <li key={one.site}>
                    <span>
                      <strong>{one.site}</strong> <span className={styles.quiet}>{reasonOf(one)}</span>
                    </span>
                    <AllowSite
                      application={application}
                      site={one.site}
                      isPrivate={one.private}
                      allowed={(pictures) => allowed(one.site, pictures)}
                    />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </>
  );
}

function reasonOf({ assets, views, why, private: isPrivate }: Suggestion): string {
  const words = text.sites;
  const gives = assets > 0 ? words.gives(count(assets), assets) : '';
  const own = why === 'own' ? words.own(text.views(count(views), views)) : '';
  return [own, gives, isPrivate ? words.isPrivate : ''].filter(Boolean).join(' · ');
}

function SiteTable({ sites, onRemove }: { sites: Site[]; onRemove?: (site: Site) => void }) {
  const words = text.sites;
  const { columns } = words;
  if (sites.length === 0) {
    return null;
  }
  return (
    <DataTable
      label={words.connected}
      rows={sites}
      keyOf={({ origin, site }) => `${origin} ${site}`}
      columns={[
        { head: columns.site, cell: ({ site }) => site },
        { head: columns.reach, cell: (site) => (site.private ? words.reach.private : words.reach.public) },
        { head: columns.origin, cell: ({ origin }) => words.origin[origin] },
        {
          cell: (site) =>
            onRemove &&
            site.origin === 'saved' && (
              <Button
                size="sm"
                variant="destructive"
                fill="outline"
                aria-label={words.removeOf(site.site)}
                onClick={() => onRemove(site)}
              >
                {words.remove}
              </Button>
            ),
        },
      ]}
    />
  );
}

function AddSite({ onAdd }: { onAdd: (site: string) => void }) {
  const styles = useStyles2(getStyles);
  const [site, setSite] = useState('');
  const words = text.sites;
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(site);
        setSite('');
      }}
    >
      <Field className={styles.field} label={words.add} description={words.addHelp} noMargin>
        <Input
          id="site"
          placeholder="cdn.example.com"
          value={site}
          onChange={(event) => setSite(event.currentTarget.value.trim())}
        />
      </Field>
      <Button type="submit" disabled={!site}>
        {words.submit}
      </Button>
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary }),
  add: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: theme.spacing(1),
    marginTop: theme.spacing(2),
  }),
  field: css({ flex: '0 1 420px', minWidth: 0 }),
  list: css({
    listStyle: 'none',
    '& li': {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'space-between',
      gap: theme.spacing(1),
      padding: theme.spacing(1, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      overflowWrap: 'anywhere',
    },
  }),
});
