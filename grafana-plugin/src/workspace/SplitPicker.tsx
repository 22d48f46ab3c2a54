// Choosing a field to split the click map by, or going back to one map.

import React, { useState } from 'react';

import { Button, IconButton } from '@grafana/ui';

import { useWorkspace } from './context';
import { Facets, labelOf } from './Facets';
import { GoalPicker } from './GoalPicker';
import { Popover } from './Popover';
import { goalOf, splitBy } from './target';
import { text } from './text';
import { PERIOD } from './useGroups';

/** What a map is made of cannot split it; widths have bands of their own. */
const UNFIT = ['element', 'action_name', 'width', 'reached_page', 'reached_element'];

export function SplitPicker() {
  const { state, update } = useWorkspace();
  const words = text.analysis.split;
  const goal = goalOf(state.split);
  const facet = state.split === PERIOD ? words.period : labelOf({ key: state.split, label: state.split });
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
      <Popover
        label={goal ? words.byGoal(goal.name) : state.split ? words.by(facet) : words.label}
        name={goal ? words.byGoal(goal.name) : state.split ? words.by(facet) : words.pick}
        icon="columns"
        size="sm"
        caret={false}
        width={320}
      >
        {(close) => <Steps close={close} />}
      </Popover>
      {state.split && <IconButton name="times" aria-label={words.remove} onClick={() => update({ split: '' })} />}
    </span>
  );
}

/** A field, or first the goal that sessions reached or did not. */
function Steps({ close }: { close: () => void }) {
  const { state, update } = useWorkspace();
  const words = text.analysis.split;
  const [goals, setGoals] = useState(false);
  const split = (by: string) => {
    update({ split: by, map: 'clicks' });
    close();
  };
  if (goals) {
    return (
      <>
        <Button size="sm" fill="text" icon="arrow-left" onClick={() => setGoals(false)}>
          {text.filters.back}
        </Button>
        <GoalPicker pick={(target) => split(splitBy(target))} />
      </>
    );
  }
  return (
    <>
      {state.split && (
        <Button size="sm" variant="secondary" fullWidth onClick={() => update({ split: '' })}>
          {words.remove}
        </Button>
      )}
      <Button size="sm" variant="secondary" fill="text" icon="history" fullWidth onClick={() => split(PERIOD)}>
        {words.withBefore}
      </Button>
      <Button size="sm" variant="secondary" fill="text" icon="users-alt" fullWidth onClick={() => setGoals(true)}>
        {words.withGoal}
      </Button>
      <Facets without={UNFIT} pick={({ key }) => split(key)} />
    </>
  );
}
