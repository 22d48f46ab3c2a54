// Taking a picture of a live page: its address, the window it is opened in, and what to do first.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, TextArea, useStyles2 } from '@grafana/ui';

import type { AddressRequest } from '../contract/pictures';
import { Choices } from './Choices';
import { text } from './text';

const WINDOWS = ['1440', '1024', '390'] as const;
type Window = (typeof WINDOWS)[number];
/** What the server takes, css px. */
const WIDTHS = { min: 200, max: 4000 };

const lines = (value: string): string[] =>
  value
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export function AddressForm({ onSubmit }: { onSubmit: (asked: Omit<AddressRequest, 'application' | 'page'>) => void }) {
  const styles = useStyles2(getStyles);
  const [url, setUrl] = useState('');
  const [width, setWidth] = useState('1440');
  const [hide, setHide] = useState('');
  const [click, setClick] = useState('');
  const words = text.background;
  const px = Number(width);
  const fits = Number.isInteger(px) && px >= WIDTHS.min && px <= WIDTHS.max;
  const sound = !url || /^https?:\/\/\S+$/.test(url);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit({ url, viewport_w: px, hide: lines(hide), click: lines(click) });
      }}
    >
      <Field label={words.address} description={words.addressHelp} invalid={!sound} error={words.addressWrong}>
        <Input
          id="picture-url"
          type="url"
          placeholder="https://"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value.trim())}
        />
      </Field>
      <Choices<Window>
        label={words.window}
        choices={WINDOWS.map((one) => ({ value: one, label: words.windows[one] }))}
        value={width as Window}
        onChange={setWidth}
      />
      <Field label={words.window} invalid={!fits} error={words.windowWrong}>
        <Input
          id="picture-window"
          type="number"
          {...WIDTHS}
          value={width}
          onChange={(event) => setWidth(event.currentTarget.value)}
        />
      </Field>
      <details>
        <summary>{words.more}</summary>
        <Field label={words.hide} description={words.hideHelp}>
          <TextArea id="picture-hide" rows={2} value={hide} onChange={(event) => setHide(event.currentTarget.value)} />
        </Field>
        <Field label={words.click} description={words.clickHelp}>
          <TextArea
            id="picture-click"
            rows={2}
            value={click}
            onChange={(event) => setClick(event.currentTarget.value)}
          />
        </Field>
      </details>
      <Button type="submit" disabled={!fits || !sound}>
        {words.submit.url}
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
    '& > div, & > details': { width: '100%', marginBottom: 0 },
    '& > [role=radiogroup]': { width: 'auto' },
    '& textarea': { boxSizing: 'border-box', maxWidth: '100%' },
    '& summary': { cursor: 'pointer', marginBottom: theme.spacing(1) },
  }),
});
