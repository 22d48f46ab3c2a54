// Going anywhere by name, and the single keys of the map. The dialogs are loaded when somebody asks for them.

import React, { lazy, Suspense, useCallback, useEffect, useState } from 'react';

import { IconButton } from '@grafana/ui';

import { useWorkspace } from '../workspace/context';
import { useHost } from '../workspace/host';
import { text } from '../workspace/text';
import { keyOf, singleKeys } from './keys';

const PaletteDialog = lazy(async () => ({ default: (await import('./PaletteDialog')).PaletteDialog }));
const KeysDialog = lazy(async () => ({ default: (await import('./KeysDialog')).KeysDialog }));

type Shown = '' | 'palette' | 'keys';

export function Palette() {
  const { state, update, refresh } = useWorkspace();
  const inHost = !!useHost().Page;
  const [shown, setShown] = useState<Shown>('');
  // A dialog says that it was closed only after the next one is there.
  const closed = useCallback((which: Shown) => setShown((now) => (now === which ? '' : now)), []);
  useEffect(() => {
    const onMap = state.application !== '' && state.page !== '';
    const press = (event: KeyboardEvent) => {
      const key = keyOf(event, inHost);
      if (!key || (key.single && !singleKeys.read())) {
        return;
      }
      const run = {
        palette: () => setShown('palette'),
        keys: () => setShown('keys'),
        clicks: onMap ? () => update({ map: 'clicks', action: '', target: '', reached: null }) : null,
        elements: onMap ? () => update({ map: 'elements', action: '', target: '', reached: null }) : null,
        scroll: onMap ? () => update({ map: 'scroll', action: '', target: '', reached: null }) : null,
        fit: onMap ? () => update({ zoom: 'fit' }, 'replace') : null,
        whole: onMap ? () => update({ zoom: 'page' }, 'replace') : null,
        refresh: onMap ? refresh : null,
        back: onMap && state.action ? () => update({ action: '', target: '', release: '' }) : null,
      }[key.does];
      if (run) {
        event.preventDefault();
        run();
      }
    };
    const onDocument = (event: KeyboardEvent) => event.key !== 'Escape' && press(event);
    // Grafana answers to Escape on the document, and prevents its default; what was open here has answered before.
    const onBody = (event: KeyboardEvent) => event.key === 'Escape' && press(event);
    document.addEventListener('keydown', onDocument);
    document.body.addEventListener('keydown', onBody);
    return () => {
      document.removeEventListener('keydown', onDocument);
      document.body.removeEventListener('keydown', onBody);
    };
  }, [state.application, state.page, state.action, update, refresh, inHost]);
  return (
    <>
      <IconButton
        name="search"
        size="lg"
        aria-label={`${text.palette.button} (/)`}
        title={`${text.palette.button} (/)`} // a tooltip would take the first Escape
        onClick={() => setShown('palette')}
      />
      <Suspense fallback={null}>
        {shown === 'palette' && <PaletteDialog onClose={() => closed('palette')} onKeys={() => setShown('keys')} />}
        {shown === 'keys' && <KeysDialog onClose={() => closed('keys')} inHost={inHost} />}
      </Suspense>
    </>
  );
}
