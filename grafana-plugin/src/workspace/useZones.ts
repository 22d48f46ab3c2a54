// The zones that are kept of the page in view, and the one that is being drawn.

import { useMemo, useState } from 'react';

import type { NewZone, Zone } from '../contract/generated/answers';
import type { QueryOf } from '../contract/query';
import type { PageBox } from '../heatmap/geometry';
import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { scopeOf, type WorkspaceState } from './state';
import { useAnswer } from './useAnswer';
import type { Rectangle } from './ZonePen';

export interface PageZones {
  /** Undefined until they are known. */
  kept: Zone[] | undefined;
  /** The rectangle that is being drawn; null = none is. */
  drawn: Rectangle | null;
  draw: (rectangle: Rectangle | null) => void;
  add: (zone: Pick<NewZone, 'name' | 'element' | 'left' | 'top' | 'width' | 'height' | 'background'>) => Promise<Zone>;
  remove: (id: string) => Promise<void>;
  /** What is kept has changed; open a zone, "" = none. */
  changed: (open: string) => void;
}

/** Null where no zones can be kept. */
export function useZones(): PageZones | null {
  const { backend, state, update, readOnly } = useWorkspace();
  const { application, page } = state;
  const { zones } = backend;
  const [drawn, draw] = useState<Rectangle | null>(null);
  const here = zones && !readOnly ? JSON.stringify(['zones', application, page]) : null;
  const { value: kept, retry } = useAnswer(here, (signal) =>
    zones ? zones.list(application, page, signal) : Promise.resolve([])
  );
  return useMemo(
    () =>
      zones && !readOnly
        ? {
            kept,
            drawn,
            draw,
            add: (zone) => zones.add({ ...zone, application, page }),
            remove: (id) => zones.remove(id),
            changed: (open) => {
              draw(null);
              retry();
              update({ zone: open }, 'replace');
            },
          }
        : null,
    [zones, readOnly, kept, drawn, application, page, retry, update]
  );
}

/** The question about one zone, over the scope in view. */
export function queryOfZone(state: WorkspaceState, zone: Zone): QueryOf<'zone'> {
  const { left, top, width, height } = zone;
  const place = zone.element
    ? { element: zone.element, background: state.background }
    : { area: { left, top, width, height }, background: zone.background || 'auto' };
  return { ...scopeOf(state), question: 'zone', zone: zone.name, ...place };
}

/** Where a zone is on the picture in view; null where that cannot be said. */
export function boxOfZone(zone: Zone, elements: readonly MapElement[], background: string): PageBox | null {
  if (zone.element) {
    return elements.find(({ row }) => row.element === zone.element)?.box ?? null;
  }
  const { left, top, width, height } = zone;
  return zone.background === background ? { left, top, width, height } : null;
}
