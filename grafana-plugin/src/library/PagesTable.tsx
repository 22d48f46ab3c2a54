// The most visited pages: how much of their clicks is placed, and which addresses each was made of.

import { css } from '@emotion/css';
import React, { Fragment, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import type { FacetFilter } from '../contract/query';
import { useWorkspace } from '../workspace/context';
import { count, percent } from '../workspace/format';
import { Problem } from '../workspace/Problem';
import { writeFilter } from '../workspace/scopeAddress';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import type { PageCoverage } from './findings';
import { linkTo, searchOf } from './links';
import { tableStyles } from './tableStyles';

const COLUMNS = 6;
const SHOWN = 20;

export function PagesTable({ pages, application }: { pages: readonly PageCoverage[]; application: string }) {
  const table = useStyles2(tableStyles);
  const styles = useStyles2(getStyles);
  const { url, search } = useLibrary();
  const [opened, setOpened] = useState<string | null>(null);
  const words = text.library.health;
  if (!pages.length) {
    return <p className={styles.quiet}>{words.noPages}</p>;
  }
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={words.pages}>
      <table className={table} aria-label={words.pages}>
        <thead>
          <tr>
            <th>{words.pageColumns.page}</th>
            <th className="number">{words.pageColumns.views}</th>
            <th className="number">{words.pageColumns.clicks}</th>
            <th className="number">{words.pageColumns.coverage}</th>
            <th>{words.pageColumns.picture}</th>
            <th>{words.pageColumns.addresses}</th>
          </tr>
        </thead>
        <tbody>
          {pages.map(({ page, views, clicks, coverage, background }) => (
            <Fragment key={page}>
              <tr>
                <td>
                  <a {...linkTo(url, searchOf('heatmap', search, { app: application, page }))}>{page}</a>
                </td>
                <td className="number">{count(views)}</td>
                <td className="number">{count(clicks)}</td>
                <td className="number">{percent(coverage)}</td>
                <td>{background ? words.picture : words.noPicture}</td>
                <td>
                  <Button
                    size="sm"
                    fill="text"
                    variant="secondary"
                    icon={opened === page ? 'angle-up' : 'angle-down'}
                    tooltip={words.addressesOf(page)}
                    aria-label={words.addressesOf(page)}
                    aria-expanded={opened === page}
                    onClick={() => setOpened(opened === page ? null : page)}
                  />
                </td>
              </tr>
              {opened === page && (
                <tr>
                  <td colSpan={COLUMNS}>
                    <Addresses application={application} page={page} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The addresses that a page was made of, most visited first; each opens the map of its visits alone. */
function Addresses({ application, page }: { application: string; page: string }) {
  const styles = useStyles2(getStyles);
  const { backend, range } = useWorkspace();
  const { url, search } = useLibrary();
  const words = text.library.health;
  const found = useAnswer(JSON.stringify([application, page, range]), (signal) =>
    backend.facetValues({ key: 'url', application, page, range, search: '', filters: [] }, signal)
  );
  if (found.error) {
    return <Problem error={found.error} retry={found.retry} />;
  }
  if (!found.value) {
    return <p role="status">{text.loading}</p>;
  }
  const only = (address: string): string => {
    const filter: FacetFilter = { key: 'url', operator: '=', value: address };
    return searchOf('heatmap', search, { app: application, page, filter: writeFilter(filter) });
  };
  return (
    <>
      <ul className={styles.addresses} aria-label={words.addressesOf(page)}>
        {found.value.slice(0, SHOWN).map(({ value, count: views }) => (
          <li key={value}>
            <a {...linkTo(url, only(value))}>{value || text.unknown}</a>
            <span>{text.views(count(views), views)}</span>
          </li>
        ))}
      </ul>
      {found.value.length > SHOWN && <p className={styles.quiet}>{words.moreAddresses(SHOWN)}</p>}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  scroll: css({ overflowX: 'auto', '& a': { color: theme.colors.text.link } }),
  addresses: css({
    listStyle: 'none',
    '& li': { display: 'flex', justifyContent: 'space-between', gap: theme.spacing(2), padding: theme.spacing(0.5, 0) },
    '& a': { overflowWrap: 'anywhere' },
    '& span': { whiteSpace: 'nowrap', color: theme.colors.text.secondary },
  }),
});
