// One action before and after a release: what differs by more than chance, and by how much.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

import { Choices } from './Choices';
import { useWorkspace } from './context';
import { timeFormat } from './format';
import { headlineOf, headlineStyle } from './headline';
import { useQuestion } from './questions';
import { text } from './text';
import { ChangeTable } from './TintList';
import { Waiting } from './Waiting';

export interface Release {
  time: number;
  version: string;
}

interface ReleaseChangeProps {
  element: string;
  /** By time; the first one in the range has nothing before it. */
  releases: readonly Release[];
}

export function ReleaseChange({ element, releases }: ReleaseChangeProps) {
  const styles = useStyles2(getStyles);
  const { state, update, timeZone } = useWorkspace();
  const { time } = timeFormat(timeZone);
  const later = releases.slice(1);
  const chosen = later.find(({ version }) => version === state.release) ?? later[later.length - 1];
  const effect = useQuestion('effect', chosen ? { element, after: [chosen.version] } : null);
  if (!chosen) {
    return null;
  }
  const words = text.analysis.release;
  const rows = (effect.value?.rows ?? []).filter((row) => (row.before ?? 0) + (row.after ?? 0) > 0);
  const headline = headlineOf(rows, chosen.version, element);
  return (
    <section aria-label={words.title(chosen.version)} data-testid="release-change">
      <h3>{words.title(chosen.version)}</h3>
      {later.length > 1 && (
        <Choices
          label={words.choose}
          choices={later.slice(-4).map(({ version }) => ({ value: version, label: version }))}
          value={chosen.version}
          onChange={(release) => update({ release }, 'replace')}
        />
      )}
      <p className={styles.quiet}>{words.when(time(chosen.time))}</p>
      {headline && (
        <p className={styles.headline} data-testid="headline">
          {headline}
        </p>
      )}
      <Waiting asked={effect} what={text.causes.effect.asking} />
      {effect.value && rows.length === 0 && <p className={styles.quiet}>{words.little}</p>}
      {rows.length > 0 && <ChangeTable rows={rows} />}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  headline: css(headlineStyle(theme)),
  quiet: css({ color: theme.colors.text.secondary, margin: 0 }),
});
