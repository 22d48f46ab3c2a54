// What may be behind something that is missing: each cause with a sign that says whether it was checked, and what was found.

import { css, cx } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, type IconName } from '@grafana/ui';

import type { Cause, Verdict } from './emptiness';
import { text } from './text';

const SIGNS: Record<Verdict, IconName> = { likely: 'arrow-right', unknown: 'question-circle', ruledOut: 'times' };

export function CauseList({ causes }: { causes: readonly Cause[] }) {
  const styles = useStyles2(getStyles);
  const ruledOut = causes.filter(({ verdict }) => verdict === 'ruledOut');
  return (
    <>
      <Causes causes={causes.filter(({ verdict }) => verdict !== 'ruledOut')} />
      {ruledOut.length > 0 && (
        <>
          <p className={styles.quiet}>{text.analysis.causes.checked.ruledOut}:</p>
          <Causes causes={ruledOut} />
        </>
      )}
    </>
  );
}

function Causes({ causes }: { causes: readonly Cause[] }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.list}>
      {causes.map(({ words, verdict, found }) => (
        <li key={words} className={cx(styles.cause, styles[verdict])} data-verdict={verdict}>
          <Icon name={SIGNS[verdict]} title={text.analysis.causes.checked[verdict]} />
          <span>{found ? `${words} – ${found}.` : words.endsWith('.') ? words : `${words}.`}</span>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary }),
  list: css({ listStyle: 'none', margin: 0 }),
  cause: css({
    display: 'flex',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 0),
    overflowWrap: 'anywhere',
    '& svg': { flex: 'none', marginTop: 2 },
  }),
  likely: css({ fontWeight: theme.typography.fontWeightMedium, '& svg': { color: theme.colors.warning.text } }),
  unknown: css({ color: theme.colors.text.secondary }),
  ruledOut: css({ color: theme.colors.text.secondary }),
});
