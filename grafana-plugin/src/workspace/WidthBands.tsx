// Which window widths count: three bands, all, or two numbers of one's own.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, Input, useStyles2 } from '@grafana/ui';

import { bandName, WIDTH_BANDS, type BandName } from '../contract/widthBands';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { Popover } from './Popover';
import { text } from './text';

/** A form spaces its own fields; Grafana 11.6 has no property for it. */
const FLAT = css({ marginBottom: 0 });

const BANDS = Object.keys(WIDTH_BANDS) as Array<keyof typeof WIDTH_BANDS>;

export function WidthBands() {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const band = bandName(state.width);
  const { min, max } = state.width;
  const custom = band === 'custom' ? text.width.customOf(String(min ?? ''), String(max ?? '')) : text.width.custom;
  return (
    <div className={styles.group}>
      <Choices<BandName>
        showLabel
        label={text.width.label}
        choices={BANDS.map((name) => ({ value: name, label: text.width[name] }))}
        value={band}
        onChange={(name) => name !== 'custom' && update({ width: WIDTH_BANDS[name] })}
      />
      <Popover label={custom} name={`${text.width.label}: ${custom}`} width={220} size="sm">
        {(close) => <CustomWidth close={close} />}
      </Popover>
    </div>
  );
}

const numberOf = (written: string): number | undefined => (/^\d+$/.test(written) ? Number(written) : undefined);

function CustomWidth({ close }: { close: () => void }) {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const [min, setMin] = useState(String(state.width.min ?? ''));
  const [max, setMax] = useState(String(state.width.max ?? ''));
  const low = numberOf(min);
  const high = numberOf(max);
  const wrong = low !== undefined && high !== undefined && low > high;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) {
          update({ width: { ...(low !== undefined && { min: low }), ...(high !== undefined && { max: high }) } });
          close();
        }
      }}
    >
      <Field label={text.width.min} className={FLAT}>
        <Input
          id="isotherm-width-min"
          inputMode="numeric"
          value={min}
          onChange={(e) => setMin(e.currentTarget.value)}
        />
      </Field>
      <Field label={text.width.max} className={FLAT} invalid={wrong} error={wrong ? text.width.order : undefined}>
        <Input
          id="isotherm-width-max"
          inputMode="numeric"
          value={max}
          onChange={(e) => setMax(e.currentTarget.value)}
        />
      </Field>
      <Button type="submit" size="sm" disabled={wrong}>
        {text.apply}
      </Button>
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5) }),
  form: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
});
