// The button of the heatmap's bar that puts what is shown on a dashboard, and its dialog.

import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { isFetchError } from '@grafana/runtime';
import { Button, Combobox, type ComboboxOption, Field, Input, LinkButton, Modal, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { useLibrary } from '../library/context';
import { searchOf } from '../library/links';
import { asError } from '../workspace/asError';
import { Choices } from '../workspace/Choices';
import { useWorkspace } from '../workspace/context';
import { useHost } from '../workspace/host';
import { text as shared } from '../workspace/text';
import { addPanel, findDashboards, findFolders, type Found, type Saved } from './dashboards';
import { panelOf, PANEL_KINDS, type PanelKind } from './panels';
import { APP_PATH } from '../grafana/sources';
import { text } from './text';

type Option = ComboboxOption<string>;

const asOption = ({ uid, title, folderTitle }: Found): Option => ({
  value: uid,
  label: title,
  description: folderTitle,
});

function messageOf(error: unknown): string {
  if (isFetchError<{ message?: string }>(error)) {
    return error.data?.message || error.statusText || String(error.status);
  }
  return asError(error).message;
}

export function AddToDashboard({ uid }: { uid: string }) {
  const { state } = useWorkspace();
  const { may } = useHost();
  const [open, setOpen] = useState(false);
  if (!may.edit || !state.page) {
    return null;
  }
  return (
    <>
      <Button
        icon="panel-add"
        variant="secondary"
        fill="outline"
        aria-label={text.add.button}
        tooltip={text.add.button}
        onClick={() => setOpen(true)}
      />
      {open && <Dialog uid={uid} onClose={() => setOpen(false)} />}
    </>
  );
}

function Dialog({ uid, onClose }: { uid: string; onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const { state } = useWorkspace();
  const { search } = useLibrary();
  const words = text.add;
  const [kind, setKind] = useState<PanelKind>('map');
  const [where, setWhere] = useState<'new' | 'existing'>('new');
  const [name, setName] = useState(() => words.newName(state.page));
  const [folder, setFolder] = useState<Option>({ value: '', label: words.root });
  const [dashboard, setDashboard] = useState<Option | null>(null);
  const [title, setTitle] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState('');
  const [saved, setSaved] = useState<Saved | null>(null);
  const panel = useMemo(() => {
    const params = new URLSearchParams(searchOf('heatmap', search));
    new URLSearchParams(search).forEach((value, key) => params.append(key, value));
    ['screen', 'from', 'to', 'action', 'refresh'].forEach((key) => params.delete(key));
    params.set('source', uid);
    const url = `${APP_PATH}/heatmap?${params}&\${__url_time_range}`;
    return panelOf(kind, state, uid, { title: words.back, url });
  }, [kind, state, uid, search, words]);
  const ready = where === 'new' ? name.trim() !== '' : dashboard !== null;
  const submit = async () => {
    setWorking(true);
    setProblem('');
    try {
      const place = where === 'new' ? { title: name.trim(), folder: folder.value } : { uid: dashboard?.value ?? '' };
      const time = { from: state.from, to: state.to };
      setSaved(await addPanel(place, { ...panel, title: (title ?? panel.title).trim() }, time));
    } catch (error) {
      setProblem(messageOf(error));
    }
    setWorking(false);
  };
  if (saved) {
    return (
      <Modal isOpen title={words.title} onDismiss={onClose} className={styles.modal}>
        <p role="status">{words.done(saved.title)}</p>
        <div className={styles.buttons}>
          <LinkButton href={saved.url}>{words.open}</LinkButton>
          <Button variant="secondary" onClick={() => setSaved(null)}>
            {words.again}
          </Button>
          <Button variant="secondary" fill="text" onClick={onClose}>
            {words.close}
          </Button>
        </div>
      </Modal>
    );
  }
  return (
    <Modal isOpen title={words.title} onDismiss={onClose} className={styles.modal}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !working) {
            void submit();
          }
        }}
      >
        <p className={styles.lead}>{words.lead}</p>
        <Field label={words.what}>
          <Combobox
            id="add-what"
            options={PANEL_KINDS.map((value) => ({ value, label: words.panels[value] }))}
            value={kind}
            onChange={({ value }) => {
              setKind(value);
              setTitle(null);
            }}
          />
        </Field>
        <Field label={words.panelTitle}>
          <Input
            id="add-title"
            value={title ?? panel.title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </Field>
        <div className={styles.row}>
          <Choices
            showLabel
            label={words.where}
            choices={(['new', 'existing'] as const).map((value) => ({ value, label: words.places[value] }))}
            value={where}
            onChange={setWhere}
          />
        </div>
        {where === 'new' ? (
          <>
            <Field label={words.name}>
              <Input id="add-name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
            </Field>
            <Field label={words.folder}>
              <Combobox
                id="add-folder"
                options={async (wanted) => [
                  { value: '', label: words.root },
                  ...(await findFolders(wanted)).map(asOption),
                ]}
                value={folder}
                onChange={setFolder}
              />
            </Field>
          </>
        ) : (
          <Field label={words.dashboard}>
            <Combobox
              id="add-dashboard"
              options={async (wanted) => (await findDashboards(wanted)).map(asOption)}
              value={dashboard}
              placeholder={words.find}
              onChange={setDashboard}
            />
          </Field>
        )}
        {problem && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <div className={styles.buttons}>
          <Button type="submit" disabled={!ready || working}>
            {working ? words.working : words.submit}
          </Button>
          <Button variant="secondary" onClick={onClose}>
            {shared.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  modal: css({ width: 'min(560px, calc(100vw - 16px))' }),
  lead: css({ color: theme.colors.text.secondary }),
  row: css({ margin: theme.spacing(2, 0) }),
  buttons: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  problem: css({ color: theme.colors.error.text }),
});
