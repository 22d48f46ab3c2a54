// Recordings that could not be read, with the reason of each and another try.

import React, { useState } from 'react';

import { Button } from '@grafana/ui';

import { count, megabytes, timeFormat } from '../workspace/format';
import { useHost } from '../workspace/host';
import { ApplicationName } from '../workspace/ApplicationName';
import { Problem } from '../workspace/Problem';
import { senderName, serverText } from '../workspace/serverText';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useAttempt } from '../workspace/useAttempt';
import { useLibrary } from './context';
import { DataTable } from './DataTable';

/** `retried` is called when one is tried again. */
export function QuarantineTable({ retried }: { retried: () => void }) {
  const { library } = useLibrary();
  const { may } = useHost();
  const quarantine = useAnswer('quarantine', (signal) => library.quarantine(signal));
  const [told, setTold] = useState(false);
  const { problem, clear, attempt } = useAttempt(quarantine.retry);
  const { time } = timeFormat(undefined);
  const words = text.library.health.quarantine;
  const { columns } = words;
  const tryAgain = (id: string) =>
    attempt(library.tryAgain(id), () => {
      setTold(true);
      quarantine.retry();
      retried();
    });
  return (
    <section data-testid="quarantine-table">
      <h2>{words.title}</h2>
      <p>{words.lead}</p>
      {quarantine.error && <Problem error={quarantine.error} retry={quarantine.retry} />}
      {problem && <Problem error={problem} close={clear} />}
      <p role="status">{told && words.retried}</p>
      <DataTable
        label={words.title}
        rows={quarantine.value ?? []}
        keyOf={({ id }) => id}
        columns={[
          { head: columns.when, cell: (one) => time(one.at_ms) },
          {
            head: columns.session,
            cell: (one) => (
              <>
                <ApplicationName of={one.application} /> · {one.session}
              </>
            ),
          },
          { head: columns.stage, cell: (one) => words.stages[one.stage] },
          { head: columns.sender, cell: (one) => (one.sender ? senderName(one.sender) : text.unknown) },
          {
            head: columns.size,
            number: true,
            cell: (one) => (one.size_bytes ? megabytes(one.size_bytes) : text.unknown),
          },
          {
            head: columns.reason,
            cell: (one) => (
              <>
                {serverText(one.reason)} {one.events > 0 && words.uncounted(count(one.events), one.events)}
              </>
            ),
          },
          {
            cell: (one) =>
              may.configure && (
                <Button
                  size="sm"
                  variant="secondary"
                  aria-label={words.retryOf(one.session)}
                  onClick={() => void tryAgain(one.id)}
                >
                  {words.retry}
                </Button>
              ),
          },
        ]}
      />
    </section>
  );
}
