// Every snapshot that can still be opened, and the way to end it.

import { css } from '@emotion/css';
import React, { useState, type ReactNode } from 'react';

import { Button, useStyles2 } from '@grafana/ui';

import type { Share } from '../contract/generated/answers';
import { timeFormat } from '../workspace/format';
import { useHost } from '../workspace/host';
import { Problem } from '../workspace/Problem';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import { Frame } from './Frame';
import { tableStyles } from './tableStyles';

export function SharesPage({ actions }: { actions?: ReactNode }) {
  const styles = useStyles2(tableStyles);
  const { library } = useLibrary();
  const { may } = useHost();
  const shares = useAnswer('shares', (signal) => library.shares(signal));
  const [revoked, setRevoked] = useState('');
  const [problem, setProblem] = useState<Error | null>(null);
  const { time } = timeFormat(undefined);
  const words = text.library.shares;
  const revoke = async (share: Share) => {
    try {
      await library.revoke(share.id);
      setRevoked(share.name);
      shares.retry();
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <Frame title={words.title} lead={words.lead} actions={actions}>
      {shares.error && <Problem error={shares.error} retry={shares.retry} />}
      {problem && <Problem error={problem} retry={() => setProblem(null)} />}
      <p role="status">{revoked && words.revoked(revoked)}</p>
      {shares.value?.length === 0 && <p>{words.none}</p>}
      {shares.value && shares.value.length > 0 && (
        <div className={css({ overflowX: 'auto' })}>
          <table className={styles} aria-label={words.title}>
            <thead>
              <tr>
                <th>{words.columns.name}</th>
                <th>{words.columns.author}</th>
                <th>{words.columns.created}</th>
                <th>{words.columns.expires}</th>
                <th>{words.columns.access}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {shares.value.map((share) => (
                <tr key={share.id}>
                  <td>{share.name}</td>
                  <td>{share.author || text.unknown}</td>
                  <td>{time(share.created_ms)}</td>
                  <td>{share.expires_ms === null ? words.never : time(share.expires_ms)}</td>
                  <td>{share.password ? words.locked : words.open}</td>
                  <td>
                    {may.edit && (
                      <Button
                        size="sm"
                        variant="destructive"
                        fill="outline"
                        aria-label={words.revokeOf(share.name)}
                        onClick={() => void revoke(share)}
                      >
                        {words.revoke}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Frame>
  );
}
