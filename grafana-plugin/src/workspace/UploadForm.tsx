// Uploading a picture of the page: looked at and measured here before anything is sent.

import { css } from '@emotion/css';
import React, { useEffect, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, FileUpload, Input, useStyles2 } from '@grafana/ui';

import { UPLOAD_TYPES, type UploadRequest } from '../contract/pictures';
import { useWorkspace } from './context';
import { megabytes } from './format';
import { text } from './text';

/** What the server takes, css px. */
const WIDTHS = { min: 1, max: 10_000 };

/** Why a file cannot be sent; "" = it can. */
function fault(file: File | null, limit: number): string {
  if (!file) {
    return '';
  }
  if (!UPLOAD_TYPES.some((type) => type === file.type)) {
    return text.background.fileType;
  }
  return file.size > limit ? text.background.fileLarge(megabytes(file.size), megabytes(limit)) : '';
}

export function UploadForm({ onSubmit }: { onSubmit: (asked: Omit<UploadRequest, 'application' | 'page'>) => void }) {
  const styles = useStyles2(getStyles);
  const limit = useWorkspace().backend.pictures?.uploadMax ?? 0;
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState('');
  const [width, setWidth] = useState('');
  const [state, setState] = useState('');
  useEffect(() => () => URL.revokeObjectURL(preview), [preview]);
  const words = text.background;
  const wrong = fault(file, limit);
  const px = Number(width);
  const ready = file && !wrong && Number.isInteger(px) && px >= WIDTHS.min && px <= WIDTHS.max;
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setPreview(chosen && !fault(chosen, limit) ? URL.createObjectURL(chosen) : '');
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          onSubmit({ picture: file, viewport_w: px, state: state.trim() });
        }
      }}
    >
      <Field label={words.file} description={words.fileHelp(megabytes(limit))} invalid={wrong !== ''} error={wrong}>
        <FileUpload
          size="sm"
          showFileName
          accept={UPLOAD_TYPES.join()}
          onFileUpload={(event) => choose(event.currentTarget.files?.[0] ?? null)}
        >
          {words.fileChoose}
        </FileUpload>
      </Field>
      {preview && (
        <img
          src={preview}
          alt=""
          className={styles.preview}
          onLoad={(event) => setWidth(String(event.currentTarget.naturalWidth))}
        />
      )}
      <Field label={words.fileWindow} description={words.fileWindowHelp}>
        <Input
          id="picture-file-window"
          type="number"
          {...WIDTHS}
          value={width}
          onChange={(event) => setWidth(event.currentTarget.value)}
        />
      </Field>
      <Field label={words.fileState}>
        <Input
          id="picture-state"
          value={state}
          maxLength={80}
          onChange={(event) => setState(event.currentTarget.value)}
        />
      </Field>
      <p className={styles.help}>{words.fileNoBoxes}</p>
      <Button type="submit" disabled={!ready}>
        {words.submit.upload}
      </Button>
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({
    width: '100%',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(1.5),
    '& > div': { width: '100%', marginBottom: 0 },
  }),
  preview: css({
    width: '100%',
    maxHeight: 140,
    objectFit: 'cover',
    objectPosition: 'top',
    border: `1px solid ${theme.colors.border.weak}`,
  }),
  help: css({ margin: 0, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
});
