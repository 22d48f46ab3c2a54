// From an action to a goal: how many of its sessions got there, and how fast.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { useWorkspace } from './context';
import { count, duration, exact, percent } from './format';
import { Popover } from './Popover';
import { useQuestion } from './questions';
import { chosenOf, withFilter } from './state';
import { facetOf, readTarget, splitBy, stepTo, writeTarget } from './target';
import { GoalPicker } from './GoalPicker';
import { text } from './text';
import { Waiting } from './Waiting';

export function Conversion({ element }: { element: string }) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const target = readTarget(state.target);
  const asked = useQuestion('funnel', target && { steps: [{ element }, stepTo(target)] });
  const words = text.analysis.conversion;
  const [first, goal] = asked.value ?? [];
  // Those who reached none of these: the goals that are left out already, and this one.
  const missed = target ? chosenOf(state.filters, facetOf(target), true).filter((key) => key !== target.key) : [];
  return (
    <section aria-label={words.title} data-testid="conversion">
      <h3>{words.title}</h3>
      {!target && <p className={styles.quiet}>{words.lead}</p>}
      <Waiting asked={asked} what={text.analysis.slow.action} />
      {target && first && goal && (
        <ol className={styles.steps}>
          <li>
            <span className={styles.bar} style={{ width: '100%' }} aria-hidden />
            <span title={exact(first.sessions)}>{words.step(count(first.sessions), first.sessions)}</span>
          </li>
          <li>
            <span className={styles.bar} style={{ width: `${(goal.share ?? 0) * 100}%` }} aria-hidden />
            <span title={exact(goal.sessions)}>
              <strong title={target.key}>{target.name}</strong>:{' '}
              {words.reached(count(goal.sessions), percent(goal.share))}
              {goal.median_time_ms !== null && ` · ${words.time(duration(goal.median_time_ms))}`}
            </span>
          </li>
        </ol>
      )}
      <div className={styles.buttons}>
        <Popover
          label={target ? words.chooseOther : words.choose}
          name={target ? words.chooseOther : words.choose}
          icon="filter"
          size="sm"
          side="left"
          width={340}
        >
          {(close) => (
            <GoalPicker
              pick={(goalPicked) => {
                update({ target: writeTarget(goalPicked) });
                close();
              }}
            />
          )}
        </Popover>
        {target && (
          <>
            <Button
              size="sm"
              variant="secondary"
              onClick={() =>
                update({
                  action: '',
                  target: '',
                  filters: withFilter(state.filters, facetOf(target), [...missed, target.key], true),
                })
              }
            >
              {words.missed}
            </Button>
            <Button
              size="sm"
              variant="secondary"
              onClick={() => update({ action: '', target: '', map: 'clicks', split: splitBy(target) })}
            >
              {words.both}
            </Button>
          </>
        )}
        {target && (
          <Button size="sm" fill="text" variant="secondary" onClick={() => update({ target: '' })}>
            {words.remove}
          </Button>
        )}
      </div>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  quiet: css({ color: theme.colors.text.secondary, margin: theme.spacing(0, 0, 1) }),
  steps: css({
    listStyle: 'none',
    '& li': { position: 'relative', padding: theme.spacing(0.75, 1), marginBottom: 4, overflowWrap: 'anywhere' },
    '& li > span': { position: 'relative' },
  }),
  bar: css({
    '&&': { position: 'absolute' },
    inset: 0,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.primary.transparent,
    borderLeft: `3px solid ${theme.colors.primary.border}`,
  }),
  buttons: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
});
