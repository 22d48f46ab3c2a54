// The stand-alone page: the workspace in Grafana's theme, without Grafana.

import { Global, css } from '@emotion/react';
import React, { useMemo } from 'react';

import { createTheme, ThemeContext } from '@grafana/data';
import { GlobalStyles, IconButton, PortalContainer } from '@grafana/ui';

import { createBackend } from '../contract/backend';
import { httpTransport } from '../contract/httpTransport';
import { text } from '../workspace/text';
import { Workspace } from '../workspace/Workspace';
import { browserUrl } from './browserUrl';
import { useColourMode } from './colourMode';

const backend = createBackend(httpTransport(document.baseURI));

export function App() {
  const [mode, toggle] = useColourMode();
  const theme = useMemo(() => createTheme({ colors: { mode } }), [mode]);
  const other = mode === 'dark' ? text.theme.light : text.theme.dark;
  const page = css({
    'html, body, #root': { height: '100%', margin: 0 },
    html: { colorScheme: mode },
    body: { background: theme.colors.background.canvas, overflow: 'hidden' },
  });
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <Global styles={page} />
      <Workspace
        backend={backend}
        url={browserUrl}
        actions={<IconButton name="adjust-circle" size="lg" aria-label={other} tooltip={other} onClick={toggle} />}
      />
      <PortalContainer />
    </ThemeContext.Provider>
  );
}
