// Every snapshot that can still be opened, and the way to end it.

import React, { useState, type ReactNode } from 'react';

import { Button, LinkButton } from '@grafana/ui';

import type { Share } from '../contract/generated/answers';
import { timeFormat } from '../workspace/format';
import { useHost } from '../workspace/host';
import { EmptyList } from '../workspace/EmptyList';
import { Problem } from '../workspace/Problem';
import { Skeleton } from '../workspace/Skeleton';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useAttempt } from '../workspace/useAttempt';
import { useLibrary } from './context';
import { DataTable } from './DataTable';
import { Frame } from './Frame';
import { linkTo, searchOf } from './links';

export function SharesPage({ actions }: { actions?: ReactNode }) {
  const { library, url, search } = useLibrary();
  const { may } = useHost();
  const shares = useAnswer('shares', (signal) => library.shares(signal));
  const [revoked, setRevoked] = useState('');
  const [asks, setAsks] = useState(''); // the snapshot that may be revoked for good
  const { problem, clear, attempt } = useAttempt(shares.retry);
  const { time } = timeFormat(undefined);
  const words = text.library.shares;
  const { columns } = words;
  const revoke = (share: Share) =>
    attempt(library.revoke(share.id), () => {
      setRevoked(share.name);
      setAsks('');
      shares.retry();
    });
  return (
    <Frame title={words.title} lead={words.lead} actions={actions}>
      {shares.error && <Problem error={shares.error} retry={shares.retry} />}
      {problem && <Problem error={problem} close={clear} />}
      <p role="status">{revoked && words.revoked(revoked)}</p>
      {shares.loading && !shares.value && <Skeleton of="rows" />}
      {shares.value?.length === 0 && (
        <EmptyList icon="share-alt" title={words.none} help={words.noneHelp}>
          <LinkButton icon="plus" {...linkTo(url, searchOf('new', search))}>
            {text.library.create}
          </LinkButton>
        </EmptyList>
      )}
      {shares.value && shares.value.length > 0 && (
        <DataTable
          label={words.title}
          rows={shares.value}
          keyOf={({ id }) => id}
          columns={[
            { head: columns.name, cell: (share) => share.name },
            { head: columns.author, cell: (share) => share.author || text.unknown },
            { head: columns.created, cell: (share) => time(share.created_ms) },
            {
              head: columns.expires,
              cell: (share) => (share.expires_ms === null ? words.never : time(share.expires_ms)),
            },
            { head: columns.access, cell: (share) => (share.password ? words.locked : words.open) },
            {
              cell: (share) =>
                may.edit &&
                (asks === share.id ? (
                  <span role="alertdialog" aria-label={words.revokeOf(share.name)}>
                    {words.revokeAsk}{' '}
                    <Button size="sm" variant="destructive" onClick={() => void revoke(share)}>
                      {words.revoke}
                    </Button>{' '}
                    <Button size="sm" variant="secondary" autoFocus onClick={() => setAsks('')}>
                      {words.keep}
                    </Button>
                  </span>
                ) : (
                  <Button
                    size="sm"
                    variant="destructive"
                    fill="outline"
                    aria-label={words.revokeOf(share.name)}
                    onClick={() => setAsks(share.id)}
                  >
                    {words.revoke}
                  </Button>
                )),
            },
          ]}
        />
      )}
    </Frame>
  );
}
