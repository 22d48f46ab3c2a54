// What a picture lacks, beside it: how many images, fonts and sheets, why, and the click that would bring them.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { LinkButton, useStyles2 } from '@grafana/ui';

import type { BackgroundInfo, Missing } from '../contract/generated/answers';
import { AllowSite } from './AllowSite';
import { useWorkspace } from './context';
import { count } from './format';
import { Popover } from './Popover';
import { text } from './text';

const KINDS = ['image', 'font', 'stylesheet', 'page'] as const;
const BUTTONS = 3;

export function MissingAssets({ background }: { background: BackgroundInfo }) {
  const styles = useStyles2(getStyles);
  const { readOnly, sitesHref } = useWorkspace();
  const missing = background.missing ?? [];
  if (missing.length === 0) {
    return null;
  }
  const words = text.sites;
  const kinds = KINDS.filter((kind) => missing.some((one) => one.kind === kind));
  const total = Math.max(background.lacks, missing.length);
  const summary = (kinds.length === 1 ? words.missing[kinds[0]] : words.missing.file)(count(total), total);
  if (readOnly) {
    return <span className={styles.note}>{summary}</span>;
  }
  const cures = curesOf(missing);
  return (
    <Popover label={summary} name={words.missingName} icon="exclamation-triangle" size="sm" upwards width={420}>
      {() => (
        <div className={styles.box} data-testid="missing">
          <p>{words.missingLead}</p>
          {cures.slice(0, BUTTONS).map(({ site, isPrivate, n }) => (
            <div key={site} className={styles.cure}>
              <span>{words.gives(count(n), n)}</span>
              <AllowSite application={background.application} site={site} isPrivate={isPrivate} follow />
            </div>
          ))}
          <ul className={styles.list}>
            {missing.map((one) => (
              <li key={`${one.kind} ${one.url}`}>
                <span title={one.url}>{shortOf(one.url)}</span>
                <span>{words.why[one.why] ?? one.why}</span>
              </li>
            ))}
          </ul>
          {background.lacks > missing.length && <p>{words.more(count(background.lacks - missing.length))}</p>}
          {sitesHref && (
            <LinkButton size="sm" fill="text" href={sitesHref(background.application)}>
              {words.all}
            </LinkButton>
          )}
        </div>
      )}
    </Popover>
  );
}

interface Cure {
  site: string;
  isPrivate: boolean;
  n: number;
}

/** The sites that would give something if they were allowed, those that give most first. */
export function curesOf(missing: Missing[]): Cure[] {
  const cures = new Map<string, Cure>();
  for (const { site, why } of missing) {
    if (site && (why === 'not_allowed' || why === 'private')) {
      const cure = cures.get(site) ?? { site, isPrivate: why === 'private', n: 0 };
      cure.n += 1;
      cures.set(site, cure);
    }
  }
  return [...cures.values()].sort((a, b) => b.n - a.n);
}

/** The end of an address: its host and its file. */
function shortOf(url: string): string {
  const [head] = url.split(/[?#]/);
  const parts = head.replace(/^https?:\/\//, '').split('/');
  return parts.length > 2 ? `${parts[0]}/…/${parts[parts.length - 1]}` : parts.join('/');
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({ color: theme.colors.warning.text }),
  box: css({ '& p': { color: theme.colors.text.secondary, margin: theme.spacing(0, 0, 1) } }),
  cure: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 0),
  }),
  list: css({
    listStyle: 'none',
    margin: theme.spacing(1, 0),
    maxHeight: 200,
    overflowY: 'auto',
    fontSize: theme.typography.bodySmall.fontSize,
    '& li': {
      display: 'flex',
      justifyContent: 'space-between',
      gap: theme.spacing(2),
      padding: theme.spacing(0.25, 0),
    },
    '& li > :first-child': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
    '& li > :last-child': { color: theme.colors.text.secondary, flex: 'none' },
  }),
});
