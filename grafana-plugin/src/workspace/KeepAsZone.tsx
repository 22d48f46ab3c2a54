// One click that keeps an element as a zone.

import React, { useState } from 'react';

import { Button } from '@grafana/ui';

import type { Zone } from '../contract/generated/answers';
import { useWorkspace } from './context';
import { useHost } from './host';
import { errorText } from './serverText';
import { text } from './text';
import { useAttempt } from './useAttempt';

interface KeepAsZoneProps {
  element: string;
  name: string;
  /** The zones of the page. */
  known: readonly Zone[];
}

export function KeepAsZone({ element, name, known }: KeepAsZoneProps) {
  const { backend, state, update, readOnly, refresh } = useWorkspace();
  const { may } = useHost();
  const [made, setMade] = useState<Zone | null>(null);
  const keeping = useAttempt();
  const { zones } = backend;
  const { application, page } = state;
  if (!zones || readOnly || !may.edit) {
    return null;
  }
  const isNew = made?.element === element;
  const kept = isNew ? made : known.find((zone) => zone.element === element);
  if (kept) {
    return (
      <>
        <span role="status">{text.zones.kept(kept.name)}</span>
        {/* Takes the focus of the button that was pressed, and is what comes next: its numbers, and the alert on them. */}
        <Button
          size="sm"
          fill="text"
          autoFocus={isNew}
          onClick={() => update({ action: '', target: '', zone: kept.id })}
        >
          {text.zones.show}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button
        size="sm"
        variant="secondary"
        icon="square-shape"
        onClick={() =>
          void keeping.attempt(zones.add({ application, page, name: name.slice(0, 200), element }), (zone) => {
            setMade(zone);
            refresh(); // the list of zones is asked for elsewhere
          })
        }
      >
        {text.zones.keepElement}
      </Button>
      {keeping.problem && <span role="alert">{errorText(keeping.problem)}</span>}
    </>
  );
}
