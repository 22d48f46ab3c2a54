// One field for everything that has a name: pages of all applications, elements of the page in view, screens, maps.

import { css } from '@emotion/css';
import { Command } from 'cmdk';
import React, { useEffect, useRef, useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, type IconName } from '@grafana/ui';

import { SIGNALS } from '../contract/query';
import { useWorkspace } from '../workspace/context';
import { mapElements, nameOf } from '../workspace/elements';
import { count } from '../workspace/format';
import { useQuestion } from '../workspace/questions';
import { MAPS } from '../workspace/state';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useDebounced } from '../workspace/useDebounced';
import { useLibrary } from './context';
import { searchOf, type Screen } from './links';

const APPLICATIONS = 20;
const PAGES = 8;
const ELEMENTS = 100;
const TYPING_MS = 150;
/** Elements that are offered before anything is written. */
const FIRST = 5;

interface PaletteDialogProps {
  onClose: () => void;
  /** Shows the keyboard shortcuts. */
  onKeys: () => void;
}

export function PaletteDialog({ onClose, onKeys }: PaletteDialogProps) {
  const styles = useStyles2(getStyles);
  const { state, update, backend, range } = useWorkspace();
  const { url, search } = useLibrary();
  const [written, setWritten] = useState('');
  const wanted = written.trim();
  const debounced = useDebounced(wanted, TYPING_MS);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal(); // which gives the focus to the list's frame
    dialog.current?.querySelector('input')?.focus();
  }, []);
  const found = useAnswer(JSON.stringify([debounced, range]), async (signal) =>
    backend.overview
      ? (
          await backend.overview(
            { range, search: debounced, limit: APPLICATIONS, pages: PAGES, order: 'views' },
            signal
          )
        ).applications
      : []
  );
  const onMap = state.application !== '' && state.page !== '';
  const actions = useQuestion('actions', onMap ? { background: state.background, limit: ELEMENTS } : null);
  const elements = mapElements(actions.value?.rows ?? [], actions.value?.background?.width).filter(
    ({ row }) => row.element
  );
  // The list is filtered when something is written, and again when answers come: each time its first entry is the one
  // that Enter opens and that is read out, unless somebody has moved on from it.
  const moved = useRef(false);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (!moved.current) {
        const list = dialog.current?.querySelector('[cmdk-root]');
        // To the end and back: what is selected already would not be told to screen readers again.
        ['End', 'Home'].forEach((key) => list?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [written, actions.value, found.value]);
  const go = (run: () => void) => () => {
    dialog.current?.close();
    run();
  };
  const to = (screen: Screen, more: Record<string, string> = {}) =>
    go(() => url.write(searchOf(screen, search, more), 'push'));
  const words = text.palette;
  const screens: Array<readonly [Screen, string]> = [
    ['home', text.library.nav.home],
    ['connect', text.library.connect.title],
    ['shares', text.library.nav.shares],
    ['sites', text.library.nav.sites],
    ['health', text.library.nav.health],
  ];
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={words.label}
      data-testid="palette"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <Command
        label={words.label}
        loop
        className={styles.command}
        onKeyDown={({ key }) => (moved.current ||= key.startsWith('Arrow'))}
      >
        <Command.Input
          value={written}
          onValueChange={(next) => {
            moved.current = false;
            setWritten(next);
          }}
          placeholder={onMap ? words.placeholder : words.placeholderAway}
        />
        <Command.List label={words.label}>
          <Command.Empty>{found.loading || debounced !== wanted ? words.searching : words.none}</Command.Empty>
          {elements.length > 0 && (
            <Command.Group heading={words.groups.elements}>
              {(wanted ? elements : elements.slice(0, FIRST)).map(({ row, where }) => (
                <Item
                  key={row.element}
                  id={`element ${row.element}`}
                  icon="square-shape"
                  name={nameOf(row)}
                  of={where}
                  more={text.clicks(count(row.clicks), row.clicks)}
                  onSelect={go(() =>
                    update({ action: row.element, map: state.map === 'scroll' ? 'clicks' : state.map })
                  )}
                />
              ))}
            </Command.Group>
          )}
          <Command.Group heading={words.groups.pages}>
            {(found.value ?? []).flatMap(({ application, name, pages }) =>
              pages.map(({ page, views }) => (
                <Item
                  key={`${application} ${page}`}
                  id={`page ${application} ${page}`}
                  icon="file-alt"
                  name={page}
                  of={name}
                  more={text.views(count(views), views)}
                  onSelect={to('heatmap', { app: application, page })}
                />
              ))
            )}
          </Command.Group>
          {onMap && (
            <Command.Group heading={words.groups.actions}>
              {MAPS.filter((map) => map !== state.map).map((map) => (
                <Item
                  key={map}
                  id={`map ${map}`}
                  icon="eye"
                  name={words.show(text.maps[map])}
                  onSelect={go(() => update({ map, action: '', target: '', reached: null }))}
                />
              ))}
              {state.map !== 'scroll' &&
                SIGNALS.filter((signal) => signal !== state.signal).map((signal) => (
                  <Item
                    key={signal}
                    id={`signal ${signal}`}
                    icon="filter"
                    name={signal === 'all' ? words.everything : words.only(text.signal.names[signal])}
                    onSelect={go(() => update({ signal }))}
                  />
                ))}
            </Command.Group>
          )}
          <Command.Group heading={words.groups.screens}>
            {screens.map(([screen, name]) => (
              <Item key={screen} id={`screen ${screen}`} icon="arrow-right" name={name} onSelect={to(screen)} />
            ))}
            <Item id="keys" icon="keyboard" name={words.keys.title} onSelect={go(onKeys)} />
          </Command.Group>
        </Command.List>
        {!onMap && <p>{words.onMapsOnly}</p>}
      </Command>
    </dialog>
  );
}

interface ItemProps {
  /** What tells it from all others: names may be the same. */
  id: string;
  icon: IconName;
  name: string;
  /** What it belongs to. */
  of?: string;
  more?: ReactNode;
  onSelect: () => void;
}

function Item({ id, icon, name, of, more, onSelect }: ItemProps) {
  return (
    <Command.Item value={id} keywords={[name, ...(of ? [of] : [])]} onSelect={onSelect}>
      <Icon name={icon} />
      <span>{name}</span>
      {of && <small>{of}</small>}
      {more && <small data-end>{more}</small>}
    </Command.Item>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  dialog: css({
    width: 'min(640px, calc(100vw - 16px))',
    margin: '12vh auto auto',
    padding: 0,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    color: theme.colors.text.primary,
    boxShadow: theme.shadows.z3,
    '&::backdrop': { background: 'rgba(0, 0, 0, 0.5)' },
  }),
  command: css({
    '& [cmdk-input]': {
      width: '100%',
      padding: theme.spacing(1.5, 2),
      border: 0,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      background: 'transparent',
      color: theme.colors.text.primary,
      fontSize: theme.typography.h5.fontSize,
      outline: 'none',
      '&::placeholder': { color: theme.colors.text.secondary, opacity: 1 },
    },
    '& [cmdk-list]': { maxHeight: 'min(420px, 60vh)', overflowY: 'auto', padding: theme.spacing(0.5) },
    '& > p': {
      margin: 0,
      padding: theme.spacing(1, 2),
      borderTop: `1px solid ${theme.colors.border.weak}`,
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
    '& [cmdk-empty]': { padding: theme.spacing(2), color: theme.colors.text.secondary },
    '& [cmdk-group-heading]': {
      padding: theme.spacing(1, 1.5, 0.5),
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
    },
    '& [cmdk-item]': {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      padding: theme.spacing(0.75, 1.5),
      borderRadius: theme.shape.radius.default,
      cursor: 'pointer',
      '& svg': { flex: 'none', color: theme.colors.text.secondary },
      '& > span': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
      '& small': { color: theme.colors.text.secondary, whiteSpace: 'nowrap' },
      '& [data-end]': { marginLeft: 'auto' },
      '&[data-selected=true]': { background: theme.colors.action.selected },
    },
  }),
});
