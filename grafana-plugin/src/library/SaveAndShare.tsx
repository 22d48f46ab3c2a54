// The buttons of a heatmap's bar that keep it under a name and share it.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, useStyles2 } from '@grafana/ui';

import type { SavedHeatmap } from '../contract/generated/answers';
import { asError } from '../workspace/asError';
import { useWorkspace } from '../workspace/context';
import { useHost } from '../workspace/host';
import { Popover } from '../workspace/Popover';
import { errorText } from '../workspace/serverText';
import { text } from '../workspace/text';
import { keepAuthor, useAuthor } from './author';
import { useLibrary } from './context';
import { addressOf, SAVED, savedSearch } from './links';
import { ShareDialog } from './ShareDialog';

export function SaveAndShare() {
  const { state } = useWorkspace();
  const { library, url, search } = useLibrary();
  const { may } = useHost();
  const author = useAuthor();
  const [sharing, setSharing] = useState<{ saved: SavedHeatmap | null } | null>(null);
  const defaultName = `${state.page} · ${text.maps[state.map]}`;
  if (!state.application || !state.page || !may.edit) {
    return null;
  }
  const save = async (name: string, author: string): Promise<SavedHeatmap> => {
    const address = addressOf(url.read());
    const saved = await library.save({ name, application: state.application, page: state.page, address, author });
    url.write(savedSearch(saved), 'replace');
    return saved;
  };
  /** The saved heatmap of this address, if it still shows the same. */
  const known = async (): Promise<SavedHeatmap | null> => {
    const id = new URLSearchParams(search).get(SAVED);
    const found = id ? await library.heatmap(id).catch(() => null) : null;
    return found?.address === addressOf(search) ? found : null;
  };
  return (
    <>
      <Popover
        label={text.library.save.button}
        name={text.library.save.title}
        icon="star"
        side="right"
        width={320}
        caret={false}
      >
        {() => <SaveForm name={defaultName} save={save} />}
      </Popover>
      <Button
        variant="secondary"
        fill="outline"
        icon="share-alt"
        aria-label={text.library.share.button}
        onClick={() => void known().then((saved) => setSharing({ saved }))}
      >
        {text.library.share.button}
      </Button>
      {sharing && (
        <ShareDialog
          heatmap={async (name) => sharing.saved ?? save(name, author)}
          name={sharing.saved?.name ?? defaultName}
          saves={!sharing.saved}
          address={window.location.href}
          onClose={() => setSharing(null)}
        />
      )}
    </>
  );
}

function SaveForm(props: { name: string; save: (name: string, author: string) => Promise<SavedHeatmap> }) {
  const styles = useStyles2(getStyles);
  const [name, setName] = useState(props.name);
  const { user } = useHost();
  const [author, setAuthor] = useState(useAuthor());
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState('');
  const words = text.library.save;
  if (done) {
    return <p role="status">{words.done}</p>;
  }
  const submit = async () => {
    if (!user) {
      keepAuthor(author.trim());
    }
    try {
      await props.save(name.trim(), author.trim());
      setDone(true);
    } catch (error) {
      setProblem(errorText(asError(error)));
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field label={words.name} description={words.lead}>
        <Input
          id="save-name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </Field>
      {!user && (
        <Field label={words.author}>
          <Input
            id="save-author"
            maxLength={200}
            value={author}
            onChange={(event) => setAuthor(event.currentTarget.value)}
          />
        </Field>
      )}
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <Button type="submit" disabled={!name.trim()}>
        {words.submit}
      </Button>
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ problem: css({ color: theme.colors.error.text }) });
