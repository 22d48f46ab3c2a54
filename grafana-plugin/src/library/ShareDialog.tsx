// Sharing a snapshot: for how long, with or without a password, and whether the time range is locked.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, ClipboardButton, Field, Input, Modal, Switch, useStyles2 } from '@grafana/ui';

import { VALIDITIES, type Validity } from '../contract/query';
import type { SavedHeatmap } from '../contract/generated/answers';
import { asError } from '../workspace/asError';
import { Choices } from '../workspace/Choices';
import { errorText } from '../workspace/serverText';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useAuthor } from './author';
import { useLibrary } from './context';

/** What the server takes; it travels in a header. */
const PASSWORD = /^([A-Za-z0-9]{4,128})?$/;

interface ShareDialogProps {
  /** The heatmap to share; one that is not saved yet is saved under the name. */
  heatmap: (name: string) => Promise<SavedHeatmap>;
  name: string;
  /** Sharing saves it: the dialog says so, and asks under which name. */
  saves?: boolean;
  /** Opens exactly this view for whoever may sign in. */
  address?: string;
  onClose: () => void;
}

export function ShareDialog({ heatmap, name, saves = false, address, onClose }: ShareDialogProps) {
  const styles = useStyles2(getStyles);
  const { library } = useLibrary();
  const author = useAuthor();
  const [validity, setValidity] = useState<Validity>('1d');
  const [password, setPassword] = useState('');
  const [locked, setLocked] = useState(true);
  const [link, setLink] = useState('');
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState('');
  const [called, setCalled] = useState(name);
  const words = text.library.share;
  const wrong = !PASSWORD.test(password);
  const status = useAnswer('status', (signal) => library.status(signal));
  const unreachable = status.value !== undefined && library.address(status.value) === '';
  const submit = async () => {
    setWorking(true);
    setProblem('');
    try {
      const { id } = await heatmap(called.trim());
      setLink(await library.share(id, { validity, password, time_locked: locked, author }));
    } catch (error) {
      setProblem(errorText(asError(error)));
    }
    setWorking(false);
  };
  return (
    <Modal isOpen title={`${words.title}: ${name}`} onDismiss={onClose} className={styles.modal}>
      {link ? (
        <>
          <Field htmlFor="snapshot-link" label={words.link} description={words.once}>
            <div className={styles.copy}>
              <Input id="snapshot-link" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
              <ClipboardButton icon="copy" getText={() => link}>
                {text.library.copyLink}
              </ClipboardButton>
            </div>
          </Field>
          <Field htmlFor="snapshot-embed" label={words.embed} description={words.embedHelp}>
            <div className={styles.copy}>
              <Input
                id="snapshot-embed"
                readOnly
                value={frameOf(link, called)}
                onFocus={(event) => event.currentTarget.select()}
              />
              <ClipboardButton variant="secondary" icon="copy" getText={() => frameOf(link, called)}>
                {words.copyEmbed}
              </ClipboardButton>
            </div>
          </Field>
          <Button variant="secondary" onClick={onClose}>
            {words.close}
          </Button>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!wrong && !working) {
              void submit();
            }
          }}
        >
          {address && (
            <Field htmlFor="view-link" label={words.view} description={words.viewHelp}>
              <div className={styles.copy}>
                <Input id="view-link" readOnly value={address} onFocus={(event) => event.currentTarget.select()} />
                <ClipboardButton variant="secondary" icon="copy" getText={() => address}>
                  {text.library.copyLink}
                </ClipboardButton>
              </div>
            </Field>
          )}
          {address && <h3 className={styles.title}>{words.snapshot}</h3>}
          <p className={styles.lead}>{words.lead}</p>
          {saves && (
            <Field label={text.library.save.name} description={words.saves}>
              <Input
                id="share-name"
                required
                maxLength={200}
                value={called}
                onChange={(event) => setCalled(event.currentTarget.value)}
              />
            </Field>
          )}
          <div className={styles.row}>
            <Choices
              showLabel
              label={words.validity}
              choices={VALIDITIES.map((one) => ({ value: one, label: words.validities[one] }))}
              value={validity}
              onChange={setValidity}
            />
          </div>
          <Field
            label={words.password}
            description={words.passwordHelp}
            invalid={wrong}
            error={wrong ? words.passwordWrong : undefined}
          >
            <Input
              id="snapshot-password"
              autoComplete="off"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </Field>
          <Field label={words.timeLocked} description={words.timeLockedHelp}>
            <Switch id="snapshot-locked" value={locked} onChange={(event) => setLocked(event.currentTarget.checked)} />
          </Field>
          {(problem || unreachable) && (
            <p role="alert" className={styles.problem}>
              {problem || words.noAddress}
            </p>
          )}
          <div className={styles.buttons}>
            <Button type="submit" disabled={wrong || working || unreachable || (saves && !called.trim())}>
              {working ? words.working : saves ? words.saveAndSubmit : words.submit}
            </Button>
            <Button variant="secondary" onClick={onClose}>
              {text.cancel}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}

/** HTML that shows a snapshot inside of another page. */
function frameOf(link: string, name: string): string {
  const frame = document.createElement('iframe');
  Object.entries({ src: link, title: name, width: '100%', height: '720', loading: 'lazy' }).forEach(([key, value]) =>
    frame.setAttribute(key, value)
  );
  return frame.outerHTML;
}

const getStyles = (theme: GrafanaTheme2) => ({
  modal: css({ width: 'min(560px, calc(100vw - 16px))' }),
  copy: css({ display: 'flex', gap: theme.spacing(1) }),
  title: css({ ...theme.typography.h5, margin: theme.spacing(2, 0, 0.5) }),
  lead: css({ color: theme.colors.text.secondary }),
  row: css({ margin: theme.spacing(2, 0), '& > *': { flexWrap: 'wrap' } }),
  buttons: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  problem: css({ color: theme.colors.error.text }),
});
