// Which application a page around the map is about.

import React from 'react';

import { ApplicationList } from './ApplicationList';
import { Popover } from './Popover';
import { text } from './text';
import { useApplicationName } from './useApplicationName';

export function ApplicationField({ current, pick }: { current: string; pick: (application: string) => void }) {
  const name = useApplicationName(current);
  return (
    <Popover label={name} name={`${text.application}: ${name}`} icon="apps" width={320}>
      {(close) => (
        <ApplicationList
          current={current}
          pick={(application) => {
            pick(application);
            close();
          }}
        />
      )}
    </Popover>
  );
}
