// The sheet of keyboard shortcuts, and the switch for single keys.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Checkbox, Modal, useStyles2 } from '@grafana/ui';

import { text } from '../workspace/text';
import { singleKeys } from './keys';

interface KeysDialogProps {
  onClose: () => void;
  /** The host has keys of its own for some. */
  inHost: boolean;
}

export function KeysDialog({ onClose, inHost }: KeysDialogProps) {
  const styles = useStyles2(getStyles);
  const [on, setOn] = useState(singleKeys.read);
  const words = text.palette.keys;
  const rows: Array<readonly [readonly string[], string]> = [
    [inHost ? ['/'] : ['/', 'Ctrl K'], words.open],
    ...(inHost ? [] : ([[['?'], words.help]] as const)),
    [['1', '2', '3'], words.maps],
    [['F'], words.fit],
    [['W'], words.whole],
    [['R'], words.refresh],
    [[words.names.escape], words.back],
    [[words.names.enter, words.names.everyArrow], words.spots],
    [[words.names.arrows, 'Shift', words.names.enter], words.bars],
  ];
  return (
    <Modal isOpen title={words.title} onDismiss={onClose}>
      <table className={styles.table}>
        <tbody>
          {rows.map(([keys, does]) => (
            <tr key={does}>
              <th scope="row">
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Checkbox
        label={words.single}
        description={words.singleHelp}
        value={on}
        onChange={(event) => {
          singleKeys.write(event.currentTarget.checked);
          setOn(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    marginBottom: theme.spacing(2),
    '& th': { width: 160, textAlign: 'left', whiteSpace: 'nowrap', fontWeight: 'normal' },
    '& th, & td': { padding: theme.spacing(0.75, 0), borderBottom: `1px solid ${theme.colors.border.weak}` },
    '& kbd': {
      display: 'inline-block',
      minWidth: 24,
      marginRight: theme.spacing(0.5),
      padding: theme.spacing(0, 0.75),
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.default,
      background: theme.colors.background.secondary,
      color: theme.colors.text.primary,
      fontFamily: 'inherit',
      fontSize: theme.typography.bodySmall.fontSize,
      textAlign: 'center',
      boxShadow: 'none',
    },
  }),
});
