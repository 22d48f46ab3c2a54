// Asks where a new picture of the page is to come from, and starts the making of it.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';

import { AddressForm } from './AddressForm';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { text } from './text';
import { UploadForm } from './UploadForm';
import { WAYS, type Making, type Way } from './useMaking';

interface NewPictureProps {
  making: Making;
  back: () => void;
  done: () => void;
}

export function NewPicture({ making, back, done }: NewPictureProps) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const [way, setWay] = useState<Way>('replay');
  const { application, page } = state;
  const words = text.background;
  const start: Making['start'] = (chosen, begin) => {
    making.start(chosen, begin);
    done();
  };
  return (
    <div className={styles.box}>
      <div className={styles.head}>
        <IconButton name="arrow-left" aria-label={words.choose} onClick={back} />
        <strong>{words.make}</strong>
      </div>
      <Choices
        label={words.way}
        choices={WAYS.map((one) => ({ value: one, label: words.ways[one] }))}
        value={way}
        onChange={setWay}
      />
      {way === 'replay' && (
        <>
          <p className={styles.help}>{words.replayHelp}</p>
          <Button onClick={() => start('replay', (pictures) => pictures.fromReplays({ application, page }))}>
            {words.submit.replay}
          </Button>
        </>
      )}
      {way === 'url' && (
        <AddressForm onSubmit={(asked) => start('url', (one) => one.fromAddress({ application, page, ...asked }))} />
      )}
      {way === 'upload' && (
        <UploadForm onSubmit={(asked) => start('upload', (one) => one.upload({ application, page, ...asked }))} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(1.5) }),
  head: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
  help: css({ margin: 0, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
