// A button that opens a panel below it: closes with Escape or a click outside, and gives the focus back.

import { css, cx } from '@emotion/css';
import React, { useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2, type IconName } from '@grafana/ui';

interface PopoverProps {
  /** What the button says. */
  label: ReactNode;
  /** Name for screen readers, when the label alone does not say enough. */
  name: string;
  icon?: IconName;
  side?: 'left' | 'right';
  upwards?: boolean;
  width?: number;
  caret?: boolean;
  size?: 'sm' | 'md';
  children: (close: () => void) => ReactNode;
}

const EDGE = 8;

export function Popover({
  label,
  name,
  icon,
  side = 'left',
  upwards,
  width = 320,
  caret = true,
  size = 'md',
  children,
}: PopoverProps) {
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const [shift, setShift] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const buttonId = useId();

  const close = useCallback(() => {
    setOpen(false);
    document.getElementById(buttonId)?.focus();
  }, [buttonId]);

  useEffect(() => {
    if (!open) {
      return;
    }
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  useLayoutEffect(() => {
    if (!open || !panel.current) {
      setShift(0);
      return;
    }
    const box = panel.current.getBoundingClientRect();
    setShift(Math.max(EDGE - box.left, Math.min(0, document.documentElement.clientWidth - EDGE - box.right)));
    panel.current.querySelector<HTMLElement>('input, button, [tabindex="0"]')?.focus();
  }, [open]);

  return (
    <div
      ref={root}
      className={styles.root}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <Button
        variant="secondary"
        fill="outline"
        size={size}
        icon={icon}
        id={buttonId}
        aria-label={name}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {(label || caret) && (
          <>
            <span className={styles.label}>{label}</span>
            {caret && <span aria-hidden className={styles.caret} />}
          </>
        )}
      </Button>
      {open && (
        <div
          ref={panel}
          id={id}
          role="dialog"
          aria-label={name}
          className={cx(styles.panel, upwards ? styles.above : styles.below)}
          style={{ width, [side]: 0, transform: `translateX(${shift}px)` }}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({
    position: 'relative',
    display: 'inline-flex',
    minWidth: 0,
    '& > button': { maxWidth: '100%', whiteSpace: 'nowrap' },
    '& > button > span': { display: 'flex', alignItems: 'center', minWidth: 0, overflow: 'hidden' },
  }),
  label: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  caret: css({
    display: 'inline-block',
    flex: 'none',
    marginLeft: theme.spacing(1),
    verticalAlign: 'middle',
    borderLeft: '4px solid transparent',
    borderRight: '4px solid transparent',
    borderTop: '5px solid currentColor',
  }),
  panel: css({
    position: 'absolute',
    zIndex: theme.zIndex.dropdown,
    maxWidth: `calc(100vw - ${2 * EDGE}px)`,
    maxHeight: '70vh',
    overflowY: 'auto',
    padding: theme.spacing(1.5),
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    color: theme.colors.text.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
    [theme.breakpoints.down('md')]: {
      position: 'fixed',
      inset: `auto ${EDGE}px ${EDGE}px ${EDGE}px !important`,
      width: 'auto !important',
      transform: 'none !important',
    },
  }),
  below: css({ top: `calc(100% + ${theme.spacing(0.5)})` }),
  above: css({ bottom: `calc(100% + ${theme.spacing(0.5)})` }),
});
