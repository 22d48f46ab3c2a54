// The home page: where to look today, what was opened lately, and what is saved.

import { css } from '@emotion/css';
import React, { useState, type ReactNode } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Input, LinkButton, useStyles2 } from '@grafana/ui';

import type { SavedHeatmap } from '../contract/generated/answers';
import { Choices } from '../workspace/Choices';
import { DemoProgress } from '../workspace/DemoProgress';
import { Problem } from '../workspace/Problem';
import { text } from '../workspace/text';
import { TimePicker } from '../workspace/TimePicker';
import { Undo } from '../workspace/Undo';
import { useAnswer } from '../workspace/useAnswer';
import { useAttempt } from '../workspace/useAttempt';
import { useLibrary } from './context';
import { Frame } from './Frame';
import { HeatmapCard } from './HeatmapCard';
import { HeatmapTable } from './HeatmapTable';
import { linkTo, searchOf } from './links';
import { NoSuchPlace } from './NoSuchPlace';
import { Recent } from './Recent';
import { RenameDialog } from './RenameDialog';
import { ShareDialog } from './ShareDialog';
import { Tour } from './Tour';
import { WhereToLook } from './WhereToLook';

const ORDERS = {
  opened: (a, b) => b.opened_ms - a.opened_ms,
  created: (a, b) => b.created_ms - a.created_ms,
  name: (a, b) => a.name.localeCompare(b.name),
} satisfies Record<string, (a: SavedHeatmap, b: SavedHeatmap) => number>;
type Order = keyof typeof ORDERS;
const ORDER_NAMES = Object.keys(ORDERS) as Order[];

const LAYOUTS = ['cards', 'table'] as const;

const matches = (heatmap: SavedHeatmap, wanted: string): boolean =>
  [heatmap.name, heatmap.page, heatmap.application, heatmap.author].some((part) =>
    part.toLowerCase().includes(wanted.toLowerCase())
  );

export function Home({ actions }: { actions?: ReactNode }) {
  const styles = useStyles2(getStyles);
  const { library, url, search } = useLibrary();
  const saved = useAnswer('heatmaps', (signal) => library.heatmaps(signal));
  const [empty, setEmpty] = useState(false);
  const [sharing, setSharing] = useState<SavedHeatmap | null>(null);
  const [renaming, setRenaming] = useState<SavedHeatmap | null>(null);
  const [deleted, setDeleted] = useState<SavedHeatmap | null>(null);
  const { problem, clear, attempt } = useAttempt(saved.retry);
  const params = new URLSearchParams(search);
  const wanted = params.get('find') ?? '';
  const order = ORDER_NAMES.find((name) => name === params.get('sort')) ?? 'opened';
  const layout = LAYOUTS.find((name) => name === params.get('layout')) ?? 'cards';
  const set = (key: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) {
      next.set(key, value);
    } else {
      next.delete(key);
    }
    url.write(next.toString(), 'replace');
  };
  const change = (what: Promise<void>, then: () => void) =>
    void attempt(what, () => {
      then();
      saved.retry();
    });
  const toolsOf = (heatmap: SavedHeatmap) => ({
    onRename: () => setRenaming(heatmap),
    onShare: () => setSharing(heatmap),
    onDelete: () => change(library.remove(heatmap.id), () => setDeleted(heatmap)),
  });
  const words = text.library;
  const all = saved.value ?? [];
  const found = all.filter((heatmap) => matches(heatmap, wanted)).sort(ORDERS[order]);
  return (
    <Frame
      title={empty ? words.connect.page : words.look}
      lead={empty ? words.connect.lead : words.overview.compared}
      actions={actions}
      head={
        !empty && (
          <div className={styles.head}>
            <TimePicker />
            <LinkButton icon="plug" variant="secondary" {...linkTo(url, searchOf('connect', search))}>
              {words.connect.page}
            </LinkButton>
            <LinkButton icon="plus" {...linkTo(url, searchOf('new', search))}>
              {words.create}
            </LinkButton>
          </div>
        )
      }
    >
      <NoSuchPlace />
      <DemoProgress>{!wanted && <Tour />}</DemoProgress>
      {saved.error && <Problem error={saved.error} retry={saved.retry} />}
      {problem && !renaming && <Problem error={problem} close={clear} />}
      {deleted && (
        <Undo
          done={words.deleted(deleted.name)}
          onUndo={() => void change(library.restore(deleted.id), () => setDeleted(null))}
          onDismiss={() => setDeleted(null)}
        />
      )}
      {!empty && (
        <Input
          className={styles.search}
          type="search"
          value={wanted}
          prefix={<Icon name="search" />}
          placeholder={words.find}
          aria-label={words.find}
          onChange={(event) => set('find', event.currentTarget.value)}
        />
      )}
      {!wanted && !empty && <Recent />}
      {all.length > 0 && (
        <section aria-labelledby="isotherm-saved">
          <div className={styles.tools}>
            <h2 id="isotherm-saved">{words.title}</h2>
            <Choices
              showLabel
              label={words.sort.label}
              choices={ORDER_NAMES.map((name) => ({ value: name, label: words.sort.names[name] }))}
              value={order}
              onChange={(next) => set('sort', next === 'opened' ? '' : next)}
            />
            <Choices
              label={words.layout.label}
              choices={LAYOUTS.map((name) => ({ value: name, label: words.layout.names[name] }))}
              value={layout}
              onChange={(next) => set('layout', next === 'cards' ? '' : next)}
            />
          </div>
          {found.length === 0 && <p>{words.noneFound}</p>}
          {found.length > 0 && layout === 'table' && <HeatmapTable heatmaps={found} toolsOf={toolsOf} />}
          {layout === 'cards' && (
            <ul className={styles.grid} aria-label={words.title}>
              {found.map((heatmap) => (
                <li key={heatmap.id}>
                  <HeatmapCard {...toolsOf(heatmap)} heatmap={heatmap} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      <WhereToLook search={wanted} onEmpty={setEmpty} />
      {renaming && (
        <RenameDialog
          name={renaming.name}
          problem={problem}
          onClose={() => {
            setRenaming(null);
            clear();
          }}
          onRename={(name) => change(library.rename(renaming.id, name), () => setRenaming(null))}
        />
      )}
      {sharing && <ShareDialog heatmap={async () => sharing} name={sharing.name} onClose={() => setSharing(null)} />}
    </Frame>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  tools: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    margin: theme.spacing(3, 0, 1.5),
    '& > h2': { margin: theme.spacing(0, 'auto', 0, 0) },
  }),
  search: css({ maxWidth: 480 }),
  grid: css({
    listStyle: 'none',
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 280px), 1fr))',
    gap: theme.spacing(2),
  }),
});
