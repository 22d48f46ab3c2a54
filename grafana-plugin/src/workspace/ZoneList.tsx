// The zones of a page: each with its clicks, and all its numbers when it is opened; new ones are drawn or written down.

import { css, cx } from '@emotion/css';
import React, { useEffect, useRef, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Input, LinkButton, useStyles2 } from '@grafana/ui';

import type { BackgroundInfo, Zone } from '../contract/generated/answers';
import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { count, exact, percent } from './format';
import { useHost } from './host';
import { openByName, rowName, rowsOpen } from './rowName';
import { errorText } from './serverText';
import { text } from './text';
import { Undo } from './Undo';
import { useAnswer } from './useAnswer';
import { useAttempt } from './useAttempt';
import { boxOfZone, isDrawnOn, queryOfZone, type PageZones } from './useZones';
import { Waiting } from './Waiting';
import type { Rectangle } from './ZonePen';

interface ZoneListProps {
  zones: PageZones;
  elements: readonly MapElement[];
  /** The one in view; null = there is none. */
  picture: BackgroundInfo | null;
}

/** Where drawing begins for those who write the numbers down. */
const NOTHING: Rectangle = { left: 0, top: 0, width: 0, height: 0 };

export function ZoneList({ zones, elements, picture }: ZoneListProps) {
  const styles = useStyles2(getStyles);
  const { may } = useHost();
  const { state } = useWorkspace();
  const words = text.zones;
  const { drawn } = zones;
  const [removed, setRemoved] = useState<Zone | null>(null);
  const undoing = useAttempt();
  const kept = zones.asked.value;
  const mayDraw = may.edit && kept !== undefined && isDrawnOn(picture);
  const background = picture?.id ?? '';
  return (
    <section aria-label={words.title} className={styles.box} data-testid="zones">
      <div className={styles.head}>
        <h2>{words.title}</h2>
        {mayDraw && !drawn && (
          <Button size="sm" variant="secondary" icon="plus" onClick={() => zones.draw(NOTHING)}>
            {words.draw}
          </Button>
        )}
      </div>
      <Waiting asked={zones.asked} what={text.slow.other} />
      {mayDraw && drawn && <ZoneForm key={state.page} zones={zones} drawn={drawn} background={background} />}
      {removed && removed.page === state.page && (
        <Undo
          done={words.removed(removed.name)}
          onUndo={() =>
            void undoing.attempt(zones.add(placeOf(removed)), ({ id }) => (setRemoved(null), zones.changed(id)))
          }
          onDismiss={() => setRemoved(null)}
        />
      )}
      {undoing.problem && <p role="alert">{errorText(undoing.problem)}</p>}
      {kept?.length === 0 && !drawn && <p className={styles.quiet}>{words.none}</p>}
      {kept && kept.length > 0 && (
        <table className={styles.table} aria-label={words.title}>
          <thead>
            <tr>
              <th scope="col">{words.columns.name}</th>
              <th scope="col" className={styles.number}>
                {words.columns.clicks}
              </th>
              <th scope="col" className={styles.number} title={words.meaning.rate}>
                {words.columns.rate}
              </th>
            </tr>
          </thead>
          <tbody>
            {kept.map((zone) => (
              <ZoneRow
                key={zone.id}
                zone={zone}
                zones={zones}
                elements={elements}
                background={background}
                onRemoved={() => setRemoved(zone)}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface ZoneRowProps {
  zone: Zone;
  zones: PageZones;
  elements: readonly MapElement[];
  background: string;
  onRemoved: () => void;
}

/** What a zone was kept with. */
const placeOf = ({ name, element, left, top, width, height, background }: Zone) =>
  element ? { name, element } : { name, left, top, width, height, background };

function ZoneRow({ zone, zones, elements, background, onRemoved }: ZoneRowProps) {
  const styles = useStyles2(getStyles);
  const { state, update, backend, range, asOf, locate, setLit } = useWorkspace();
  const { alertHref, may } = useHost();
  const query = queryOfZone(state, zone);
  const asked = useAnswer(JSON.stringify([query, range, asOf]), (signal) => backend.ask<'zone'>(query, range, signal));
  const removing = useAttempt();
  const words = text.zones;
  const open = state.zone === zone.id;
  const box = boxOfZone(zone, elements, background);
  const told = asked.value;
  const known = told !== undefined;
  const shown = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (open && known) {
      shown.current?.scrollIntoView({ block: 'nearest' }); // below a long list it would be out of sight
    }
  }, [open, known]);
  const light = () => zone.element && box && setLit({ element: zone.element, from: 'list' });
  const numbers = told && [
    { name: words.columns.clicks, value: exact(told.clicks) },
    { name: text.list.share, value: percent(told.share), help: text.list.shareHelp },
    { name: text.details.users, value: told.users ? exact(told.users) : text.unknown },
    { name: text.details.sessions, value: exact(told.sessions) },
    { name: text.signal.names.rage, value: exact(told.rage), help: text.signal.help.rage },
    { name: text.signal.names.dead, value: exact(told.dead), help: text.signal.help.dead },
    { name: words.columns.first, value: exact(told.first_clicks), help: words.meaning.first },
    { name: words.columns.exposed, value: exact(told.exposed), help: words.meaning.exposed },
    { name: words.columns.rate, value: percent(told.click_rate), help: words.meaning.rate },
  ];
  return (
    <>
      <tr
        className={cx(styles.row, open && styles.open)}
        onClick={openByName}
        onMouseEnter={light}
        onMouseLeave={() => setLit(null)}
      >
        <td>
          <button
            type="button"
            data-opens
            className={styles.name}
            aria-expanded={open}
            onClick={() => {
              update({ zone: open ? '' : zone.id }, 'replace');
              if (!open && box) {
                locate(box);
              }
            }}
          >
            {zone.name}
          </button>
        </td>
        <td className={styles.number}>{told ? count(told.clicks) : asked.error ? text.unknown : '…'}</td>
        <td className={styles.number}>{told ? percent(told.click_rate) : ''}</td>
      </tr>
      {open && (
        <tr ref={shown} className={styles.row}>
          <td colSpan={3}>
            {asked.error && <p role="alert">{errorText(asked.error)}</p>}
            {numbers && (
              <dl className={styles.numbers}>
                {numbers.map(({ name, value, help }) => (
                  <div key={name} title={help}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            )}
            {!box && !zone.element && <p className={styles.quiet}>{words.elsewhere}</p>}
            {!alertHref && <p className={styles.quiet}>{words.alertElsewhere}</p>}
            <div className={styles.buttons}>
              {alertHref && (
                <LinkButton size="sm" variant="secondary" icon="bell" href={alertHref(query, zone.name)}>
                  {words.alert}
                </LinkButton>
              )}
              {may.edit && (
                <Button
                  size="sm"
                  variant="secondary"
                  fill="text"
                  icon="trash-alt"
                  onClick={() => void removing.attempt(zones.remove(zone.id), () => (onRemoved(), zones.changed('')))}
                >
                  {words.remove(zone.name)}
                </Button>
              )}
              {removing.problem && <span role="alert">{errorText(removing.problem)}</span>}
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

const SIDES = ['left', 'top', 'width', 'height'] as const;

function ZoneForm({ zones, drawn, background }: { zones: PageZones; drawn: Rectangle; background: string }) {
  const styles = useStyles2(getStyles);
  const [name, setName] = useState('');
  const keeping = useAttempt();
  const words = text.zones;
  const ready = name.trim() !== '' && drawn.width > 0 && drawn.height > 0;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.scrollIntoView({ block: 'nearest' }); // below a long list its buttons would be out of sight
    form.current?.querySelector('input')?.focus({ preventScroll: true });
  }, []);
  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={words.draw}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          void keeping.attempt(zones.add({ name: name.trim(), ...drawn, background }), ({ id }) => zones.changed(id));
        }
      }}
    >
      <p className={styles.quiet}>{words.drawHelp}</p>
      <Input
        id="zone-name"
        aria-label={words.columns.name}
        placeholder={words.columns.name}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className={styles.sides}>
        {SIDES.map((side) => (
          <label key={side}>
            {words.sides[side]}
            <Input
              type="number"
              min={0}
              max={1_000_000}
              value={drawn[side]}
              onChange={(event) => {
                const px = Math.round(Number(event.currentTarget.value));
                zones.draw({ ...drawn, [side]: Math.max(0, Math.min(1_000_000, px || 0)) });
              }}
            />
          </label>
        ))}
      </div>
      <div className={styles.buttons}>
        <Button size="sm" type="submit" disabled={!ready}>
          {words.keep}
        </Button>
        <Button size="sm" variant="secondary" onClick={() => zones.draw(null)}>
          {text.cancel}
        </Button>
        {keeping.problem && <span role="alert">{errorText(keeping.problem)}</span>}
      </div>
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ padding: theme.spacing(1.5, 2), borderTop: `1px solid ${theme.colors.border.weak}` }),
  head: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    '& h2': { ...theme.typography.h6, margin: 0 },
  }),
  quiet: css({ margin: theme.spacing(0.5, 0), color: theme.colors.text.secondary }),
  table: css({
    ...rowsOpen,
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    marginTop: theme.spacing(0.5),
    '& th': {
      color: theme.colors.text.secondary,
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      textAlign: 'left',
      padding: theme.spacing(0.5, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    },
    '& td': { padding: theme.spacing(0.5, 0) },
  }),
  row: css({ borderBottom: `1px solid ${theme.colors.border.weak}` }),
  open: css({ borderBottom: 0 }),
  number: css({ width: 92, textAlign: 'right !important' as 'right', fontVariantNumeric: 'tabular-nums' }),
  name: css(rowName(theme)),
  numbers: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(88px, 1fr))',
    gap: theme.spacing(1),
    margin: 0,
    '& dt': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: 'normal' },
    '& dd': { margin: 0, fontWeight: theme.typography.fontWeightMedium, fontVariantNumeric: 'tabular-nums' },
  }),
  buttons: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
  }),
  form: css({ padding: theme.spacing(0.5, 0, 1) }),
  sides: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(4, 1fr)',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1),
    '& label': { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
  }),
});
