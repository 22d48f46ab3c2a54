// How the heat looks: colours, opacity, radius, scale. Changes nothing about the numbers.

import { css } from '@emotion/css';
import React from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { cssGradient, PALETTE_NAMES } from '../heatmap/palette';
import { SCALES } from '../heatmap/scale';
import { USUAL_STRENGTH } from '../heatmap/tone';
import { Choices } from './Choices';
import { useWorkspace } from './context';
import { percent } from './format';
import { Popover } from './Popover';
import { DEFAULT_LOOK, LEAST_PICTURE, type Look } from './state';
import { text } from './text';

export function LookSettings() {
  const styles = useStyles2(getStyles);
  const { state, update } = useWorkspace();
  const { look } = state;
  const set = (change: Partial<Look>) => update({ look: { ...look, ...change } }, 'replace');
  return (
    <Popover
      label=""
      name={text.settings.label}
      icon="palette"
      size="sm"
      side="right"
      upwards
      caret={false}
      width={300}
    >
      {() => (
        <div className={styles.column}>
          <span className={styles.label}>{text.settings.palette}</span>
          <div role="radiogroup" aria-label={text.settings.palette} className={styles.palettes}>
            {PALETTE_NAMES.map((palette) => (
              <label key={palette} className={styles.palette}>
                <input
                  type="radio"
                  name="isotherm-palette"
                  checked={look.palette === palette}
                  onChange={() => set({ palette })}
                />
                <span className={styles.ramp} style={{ background: cssGradient(palette) }} />
                {text.settings.palettes[palette]}
              </label>
            ))}
          </div>
          <Range
            label={text.settings.opacity}
            value={look.opacity}
            min={0.1}
            max={1}
            step={0.05}
            written={percent(look.opacity)}
            onChange={(opacity) => set({ opacity })}
          />
          <Range
            label={text.settings.radius}
            value={look.radius}
            min={8}
            max={80}
            step={2}
            written={`${look.radius} px`}
            onChange={(radius) => set({ radius })}
          />
          <Range
            label={text.settings.picture}
            value={look.picture || USUAL_STRENGTH}
            min={LEAST_PICTURE}
            max={1}
            step={0.05}
            written={look.picture ? percent(look.picture) : text.settings.automatic}
            onChange={(picture) => set({ picture })}
          />
          <span className={styles.label}>{text.settings.scale}</span>
          <Choices
            label={text.settings.scale}
            choices={SCALES.map((scale) => ({ value: scale, label: text.settings.scales[scale] }))}
            value={look.scale}
            onChange={(scale) => set({ scale })}
          />
          <Button size="sm" variant="secondary" onClick={() => set(DEFAULT_LOOK)}>
            {text.settings.reset}
          </Button>
        </div>
      )}
    </Popover>
  );
}

interface RangeProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  written: string;
  onChange: (value: number) => void;
}

function Range({ label, written, onChange, ...input }: RangeProps) {
  const styles = useStyles2(getStyles);
  return (
    <label className={styles.range}>
      <span>
        {label} <span className={styles.label}>{written}</span>
      </span>
      <input type="range" {...input} onChange={(event) => onChange(Number(event.currentTarget.value))} />
    </label>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  column: css({ display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: theme.spacing(1) }),
  label: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  palettes: css({ display: 'flex', flexDirection: 'column', width: '100%', gap: theme.spacing(0.5) }),
  palette: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), cursor: 'pointer' }),
  ramp: css({ width: 72, height: 12, borderRadius: 2 }),
  range: css({
    width: '100%',
    display: 'flex',
    flexDirection: 'column',
    '& input': { width: '100%', accentColor: theme.colors.primary.main },
  }),
});
