// Recordings that could not be read, with the reason of each and another try.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import { Button, useStyles2 } from '@grafana/ui';

import type { Quarantined } from '../contract/generated/answers';
import { count, megabytes, timeFormat } from '../workspace/format';
import { useHost } from '../workspace/host';
import { Problem } from '../workspace/Problem';
import { senderName } from '../workspace/serverText';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import { tableStyles } from './tableStyles';

/** `retried` is called when one is tried again. */
export function QuarantineTable({ retried }: { retried: () => void }) {
  const styles = useStyles2(tableStyles);
  const { library } = useLibrary();
  const { may } = useHost();
  const quarantine = useAnswer('quarantine', (signal) => library.quarantine(signal));
  const [told, setTold] = useState(false);
  const [problem, setProblem] = useState<Error | null>(null);
  const { time } = timeFormat(undefined);
  const words = text.library.health.quarantine;
  const tryAgain = async (one: Quarantined) => {
    try {
      await library.tryAgain(one.id);
      setTold(true);
      quarantine.retry();
      retried();
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <section aria-label={words.title} data-testid="quarantine-table">
      <h2>{words.title}</h2>
      <p>{words.lead}</p>
      {quarantine.error && <Problem error={quarantine.error} retry={quarantine.retry} />}
      {problem && <Problem error={problem} retry={() => setProblem(null)} />}
      <p role="status">{told && words.retried}</p>
      <div className={css({ overflowX: 'auto' })}>
        <table className={styles} aria-label={words.title}>
          <thead>
            <tr>
              <th>{words.columns.when}</th>
              <th>{words.columns.session}</th>
              <th>{words.columns.stage}</th>
              <th>{words.columns.sender}</th>
              <th className="number">{words.columns.size}</th>
              <th>{words.columns.reason}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {(quarantine.value ?? []).map((one) => (
              <tr key={one.id}>
                <td>{time(one.at_ms)}</td>
                <td>{`${one.application} · ${one.session}`}</td>
                <td>{words.stages[one.stage]}</td>
                <td>{one.sender ? senderName(one.sender) : text.unknown}</td>
                <td className="number">{one.size_bytes ? megabytes(one.size_bytes) : text.unknown}</td>
                <td>
                  {one.reason} {one.events > 0 && words.uncounted(count(one.events), one.events)}
                </td>
                <td>
                  {may.configure && (
                    <Button
                      size="sm"
                      variant="secondary"
                      aria-label={words.retryOf(one.session)}
                      onClick={() => void tryAgain(one)}
                    >
                      {words.retry}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
