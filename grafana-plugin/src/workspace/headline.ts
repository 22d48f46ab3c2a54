// The finding of a release in one sentence, for those who do not read tables: since when what works worse, and how much.

import type { GrafanaTheme2 } from '@grafana/data';

import type { EffectRow } from '../contract/answers';
import { nameOf } from './elements';
import { text } from './text';
import { written } from './tint';

type Told = 'dead' | 'rage' | 'error' | 'p75_ms';
/** In this order: what a person would call broken comes first. */
const TOLD: readonly Told[] = ['error', 'dead', 'rage', 'p75_ms'];

const isElement = ({ element, action_name }: EffectRow) => element !== '' || action_name !== '';

/** How it stands out from the tables below it. */
export const headlineStyle = (theme: GrafanaTheme2) =>
  ({
    margin: theme.spacing(0, 0, 1),
    padding: theme.spacing(1, 1.5),
    borderLeft: `3px solid ${theme.colors.error.border}`,
    background: theme.colors.error.transparent,
    color: theme.colors.text.primary,
    overflowWrap: 'anywhere',
  }) as const;

/** What works worse of one element since a version, as a sentence; "" = nothing found. */
export function headlineOf(rows: readonly EffectRow[], version: string, of?: string): string {
  const worse = rows.filter((row) => row.found && row.verdict === 'worse' && isElement(row));
  // Rows come by evidence: the first is of the element that most is known of.
  const about = of === undefined ? worse[0] : worse.find(({ element }) => element === of);
  if (!about) {
    return '';
  }
  const own = worse.filter(
    ({ element, action_name }) => element === about.element && action_name === about.action_name
  );
  const words = text.causes.effect.headline;
  const parts = TOLD.flatMap((measure) => {
    const row = own.find((one) => one.measure === measure);
    return row
      ? [words.parts[measure](written(measure, row.after), row.before ? written(measure, row.before) : '')]
      : [];
  });
  return words.sentence(version, nameOf(about), words.and(parts));
}
