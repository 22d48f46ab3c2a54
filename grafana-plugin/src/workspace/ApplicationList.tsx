// All applications, to be searched and picked from: hundreds of them are as quick as three.

import React, { useState } from 'react';

import { Button, Icon, Input } from '@grafana/ui';

import { useWorkspace } from './context';
import { count } from './format';
import { LongList } from './LongList';
import { NamedCount } from './NamedCount';
import { useApplications } from './questions';
import { text } from './text';
import { useDebounced } from './useDebounced';
import { Waiting } from './Waiting';

/** A list this short is read at a glance. */
const SHORT = 8;
const ROW = 32;
/** The server tells so many; when there may be more, it searches. */
const TOLD = 1000;
const TYPING_MS = 150;
const keyOf = ({ application }: { application: string }) => application;

/** `current` = the one that is looked at. */
export function ApplicationList({ current, pick }: { current: string; pick: (application: string) => void }) {
  const most = useApplications();
  const { backend } = useWorkspace();
  const [search, setSearch] = useState('');
  const all = most.value ?? [];
  const wanted = search.trim().toLowerCase();
  const cut = all.length >= TOLD;
  const debounced = useDebounced(cut ? wanted : '', TYPING_MS);
  const applications = useApplications(debounced);
  const found = (applications.value ?? []).filter(({ application, name }) =>
    `${name} ${application}`.toLowerCase().includes(wanted)
  );
  const words = text.analysis.applications;
  return (
    <>
      {all.length > SHORT && (
        <Input
          value={search}
          prefix={<Icon name="search" />}
          placeholder={cut ? words.searchAll : words.search(count(all.length))}
          aria-label={cut ? words.searchAll : words.search(count(all.length))}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Waiting asked={applications} what={text.slow.other} />
      {applications.value && !found.length && <p>{all.length ? words.noneFound : text.empty.noEvents.title}</p>}
      <LongList label={text.application} items={found} keyOf={keyOf} guess={ROW}>
        {({ application, views }) => (
          <Button
            fullWidth
            fill="text"
            variant={application === current ? 'primary' : 'secondary'}
            onClick={() => pick(application)}
          >
            <NamedCount name={backend.names.of(application)} id={application} views={views} />
          </Button>
        )}
      </LongList>
    </>
  );
}
