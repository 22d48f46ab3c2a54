// "Connect a site" as a page of its own, for the second site and all that follow.

import React, { type ReactNode } from 'react';

import { text } from '../workspace/text';
import { ConnectSite } from './ConnectSite';
import { useLibrary } from './context';
import { Frame } from './Frame';
import { searchOf } from './links';

export function ConnectPage({ actions }: { actions?: ReactNode }) {
  const { url, search } = useLibrary();
  return (
    <Frame title={text.library.connect.page} lead={text.library.connect.lead} actions={actions}>
      <ConnectSite arrived={() => url.write(searchOf('home', search), 'push')} />
    </Frame>
  );
}
