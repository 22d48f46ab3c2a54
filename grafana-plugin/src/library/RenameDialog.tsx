// Gives a saved heatmap another name.

import React, { useState } from 'react';

import { Button, Field, Input, Modal } from '@grafana/ui';

import { errorText } from '../workspace/serverText';
import { text } from '../workspace/text';

interface RenameDialogProps {
  name: string;
  /** What the dialog is called; else it renames a heatmap. */
  title?: string;
  /** Why it could not be renamed. */
  problem?: Error | null;
  onRename: (name: string) => void;
  onClose: () => void;
}

/** What the server takes. */
const LONGEST = 200;

export function RenameDialog({ name, title, problem, onRename, onClose }: RenameDialogProps) {
  const [written, setWritten] = useState(name);
  const words = text.library.rename;
  return (
    <Modal isOpen title={title ?? words.title} onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onRename(written.trim());
        }}
      >
        <Field
          label={text.library.save.name}
          invalid={!!problem}
          error={problem && `${text.notDone} ${errorText(problem)}`}
        >
          <Input
            id="heatmap-name"
            autoFocus
            maxLength={LONGEST}
            value={written}
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
        </Field>
        <Modal.ButtonRow>
          <Button variant="secondary" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" disabled={!written.trim()}>
            {words.submit}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}
