// Grafana's frame JSON, and reading typed rows out of it.

export interface FrameField {
  name: string;
  type?: string;
  labels?: Record<string, string>;
  config?: { unit?: string; displayName?: string };
}

export interface Frame {
  schema: {
    name?: string;
    refId?: string;
    meta?: { custom?: Record<string, unknown>; notices?: Array<{ severity?: string; text: string }> };
    fields: FrameField[];
  };
  data: { values: unknown[][] };
}

/** The answer does not have the agreed shape: the two sides are of different versions. */
export class FrameError extends Error {
  override name = 'FrameError';
}

interface Kinds {
  number: number;
  'number?': number | null;
  string: string;
  'string?': string | null;
  boolean: boolean;
}

type Kind = keyof Kinds;
export type RowSpec = Record<string, Kind>;
export type RowOf<S extends RowSpec> = { -readonly [K in keyof S]: Kinds[S[K]] };

/** Whether a JSON value is of a kind. A number that could not be written arrives as null. */
function fits(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'number':
      return typeof value === 'number';
    case 'number?':
      return typeof value === 'number' || value == null;
    case 'string':
      return typeof value === 'string';
    case 'string?':
      return typeof value === 'string' || value == null;
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function nameOf(frame: Frame): string {
  return frame.schema?.name || frame.schema?.refId || 'answer';
}

/** The values of one field. Throws FrameError when the frame has no such field. */
export function column(frame: Frame, name: string): unknown[] {
  const index = frame.schema?.fields?.findIndex((field) => field.name === name) ?? -1;
  const values = frame.data?.values?.[index];
  if (index < 0 || !values) {
    throw new FrameError(`The answer "${nameOf(frame)}" has no field "${name}".`);
  }
  return values;
}

/** One field as numbers, for long columns. Throws FrameError for anything that is not a number. */
export function numbers(frame: Frame, name: string): Float64Array {
  const values = column(frame, name);
  const out = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') {
      throw new FrameError(`Row ${i} of "${name}" in "${nameOf(frame)}" is no number.`);
    }
    out[i] = value;
  }
  return out;
}

/** Whether a field may be left out: answers that were frozen by an older version lack the newer fields. */
const isOptional = (kind: Kind): boolean => kind.endsWith('?');

/** The fields that a frame must have to be read as rows of a spec. */
export function requiredFields(spec: RowSpec): string[] {
  return Object.keys(spec).filter((name) => !isOptional(spec[name]));
}

/** All rows of a frame, each field checked against its kind. Fields beyond the spec are ignored. */
export function rows<S extends RowSpec>(frame: Frame, spec: S): Array<RowOf<S>> {
  const has = (name: string) => frame.schema?.fields?.some((field) => field.name === name);
  const names = Object.keys(spec).filter((name) => !isOptional(spec[name]) || has(name));
  const lacking = Object.keys(spec).filter((name) => !names.includes(name));
  const columns = names.map((name) => column(frame, name));
  const count = columns[0]?.length ?? 0;
  const out: Array<RowOf<S>> = [];
  for (let i = 0; i < count; i++) {
    const row: Record<string, unknown> = Object.fromEntries(lacking.map((name) => [name, null]));
    names.forEach((name, at) => {
      const value = columns[at][i];
      if (!fits(value, spec[name])) {
        throw new FrameError(
          `Row ${i} of "${name}" in "${nameOf(frame)}" should be ${spec[name]}, not ${JSON.stringify(value)}.`
        );
      }
      row[name] = value ?? null;
    });
    out.push(row as RowOf<S>);
  }
  return out;
}

/** The first frame. Throws FrameError when the answer has none. */
export function firstFrame(frames: Frame[], question: string): Frame {
  if (!frames.length) {
    throw new FrameError(`The answer to "${question}" has no frame.`);
  }
  return frames[0];
}

/** Isotherm's own facts about the answer; they travel in the frame's custom metadata. */
export function metaOf(frame: Frame): Record<string, unknown> {
  const meta = frame.schema.meta?.custom?.isotherm;
  return meta && typeof meta === 'object' ? (meta as Record<string, unknown>) : {};
}
