// Pieces that texts are made of: plural forms by each language's own rules, and names of what the server lists.

const english = new Intl.PluralRules('en');
const englishOrder = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDINGS: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** "view" or "views". */
export const plural = (count: number, one: string, many: string): string =>
  english.select(count) === 'one' ? one : many;

/** 20,000: English and Chinese group digits alike. */
export const grouped = (n: number): string => n.toLocaleString('en');

/** 1st, 2nd, 3rd, 4th … 11th. */
export const ordinal = (n: number): string => `${grouped(n)}${ENDINGS[englishOrder.select(n)] ?? 'th'}`;

/** Names of known keys, all of them needed in each language, that may be asked for an unknown one. */
export type Names<K extends string> = Record<K, string> & Partial<Record<string, string>>;
export const names = <K extends string>(known: Record<K, string>): Names<K> => known;
