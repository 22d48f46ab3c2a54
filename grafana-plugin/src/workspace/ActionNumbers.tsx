// The name of an action and what is counted of it.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';

import type { ActionAnswer } from '../contract/answers';
import type { Zone } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { nameOf } from './elements';
import { ExploreLink, queriesOfElement } from './ExploreLink';
import { count, duration, exact, percent } from './format';
import { KeepAsZone } from './KeepAsZone';
import { SignalChips } from './SignalChips';
import { text } from './text';

type Action = NonNullable<ActionAnswer['action']>;

interface ActionNumbersProps {
  action: Action;
  /** The zones of the page. */
  zones: readonly Zone[];
}

export function ActionNumbers({ action, zones }: ActionNumbersProps) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const words = text.details;
  const numbers = [
    { name: words.popularity, value: action.rank === null ? text.unknown : words.rank(action.rank, action.of) },
    { name: words.clicks, value: count(action.clicks), exactly: exact(action.clicks) },
    { name: words.share, value: percent(action.share) },
    { name: words.users, value: action.users ? count(action.users) : text.unknown, exactly: exact(action.users) },
    { name: words.sessions, value: count(action.sessions), exactly: exact(action.sessions) },
    { name: words.reaction, value: duration(action.median_loading_ms) },
  ];
  return (
    <>
      <h2 className={styles.name}>{nameOf(action)}</h2>
      <p className={styles.key}>
        <code title={action.element}>{action.element}</code>
        <ClipboardButton
          size="sm"
          fill="text"
          variant="secondary"
          icon="copy"
          aria-label={words.copyKey}
          getText={() => action.element}
        />
        <ExploreLink queries={queriesOfElement(state, action.element)} name={nameOf(action)} />
        <KeepAsZone element={action.element} name={nameOf(action)} known={zones} />
      </p>
      <dl className={styles.numbers}>
        {numbers.map(({ name, value, exactly }) => (
          <div key={name} title={exactly}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {!action.users && <p className={styles.quiet}>{text.analysis.noUsersHere}</p>}
      <SignalChips row={action} />
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  name: css({ ...theme.typography.h4, margin: theme.spacing(1, 0, 0), overflowWrap: 'anywhere' }),
  key: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    margin: 0,
    color: theme.colors.text.secondary,
    '& code': { maxWidth: '100%', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  }),
  numbers: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(96px, 1fr))',
    gap: theme.spacing(1),
    margin: theme.spacing(1, 0),
    '& dt': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: 'normal' },
    '& dd': { margin: 0, fontWeight: theme.typography.fontWeightMedium, fontVariantNumeric: 'tabular-nums' },
  }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
