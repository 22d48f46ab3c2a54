// One click that keeps an element as a zone.

import React, { useState } from 'react';

import { Button } from '@grafana/ui';

import { useWorkspace } from './context';
import { useHost } from './host';
import { errorText } from './serverText';
import { text } from './text';
import { useAttempt } from './useAttempt';

interface KeepAsZoneProps {
  element: string;
  name: string;
}

export function KeepAsZone({ element, name }: KeepAsZoneProps) {
  const { backend, state, update, readOnly, refresh } = useWorkspace();
  const { may } = useHost();
  const [kept, setKept] = useState({ element: '', zone: '' });
  const keeping = useAttempt();
  const { zones } = backend;
  const { application, page } = state;
  if (!zones || readOnly || !may.edit) {
    return null;
  }
  if (kept.element === element) {
    return (
      <>
        <span role="status">{text.zones.kept(name)}</span>
        {/* Takes the focus of the button that was pressed, and is what comes next: its numbers, and the alert on them. */}
        <Button size="sm" fill="text" autoFocus onClick={() => update({ action: '', target: '', zone: kept.zone })}>
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
          void keeping.attempt(zones.add({ application, page, name: name.slice(0, 200), element }), ({ id }) => {
            setKept({ element, zone: id });
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
