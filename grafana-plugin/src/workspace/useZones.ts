// The zones that are kept of the page in view, and the one that is being drawn.

import { useState } from 'react';

import type { BackgroundInfo, NewZone, Zone } from '../contract/generated/answers';
import type { QueryOf } from '../contract/query';
import type { PageBox } from '../heatmap/geometry';
import { useWorkspace } from './context';
import type { MapElement } from './elements';
import { scopeOf, type WorkspaceState } from './state';
import { useAnswer, type Asked } from './useAnswer';
import type { Rectangle } from './ZonePen';

export interface PageZones {
  /** Those that are kept, by name. */
  asked: Asked<Zone[]>;
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
  const { backend, state, update, readOnly, asOf } = useWorkspace();
  const { application, page } = state;
  const { zones } = backend;
  const place = JSON.stringify([application, page]);
  const [drawing, setDrawing] = useState<{ place: string; drawn: Rectangle } | null>(null);
  const listed = useAnswer(zones && !readOnly ? JSON.stringify([place, asOf]) : null, async (signal) => ({
    place,
    kept: zones ? await zones.list(application, page, signal) : [],
  }));
  // What was drawn on another page, and what is kept of it, stays there.
  const drawn = drawing?.place === place ? drawing.drawn : null;
  const kept = listed.value?.place === place ? listed.value.kept : undefined;
  const draw = (rectangle: Rectangle | null) =>
    setDrawing((old) => (rectangle ? { place, drawn: rectangle } : old?.place === place ? null : old));
  return zones && !readOnly
    ? {
        asked: { ...listed, value: kept },
        drawn,
        draw,
        add: (zone) => zones.add({ ...zone, application, page }),
        remove: (id) => zones.remove(id),
        changed: (open) => {
          draw(null);
          listed.retry();
          update({ zone: open }, 'replace');
        },
      }
    : null;
}

/** The question about one zone, over the scope in view. */
export function queryOfZone(state: WorkspaceState, zone: Zone): QueryOf<'zone'> {
  const { left, top, width, height } = zone;
  const place = zone.element
    ? { element: zone.element, background: state.background }
    : { area: { left, top, width, height }, background: zone.background || 'auto' };
  return { ...scopeOf(state), question: 'zone', zone: zone.name, ...place };
}

/** A rectangle is of a picture, or of the page as it was measured; a wireframe changes with every click. */
export const isDrawnOn = (picture: BackgroundInfo | null): boolean => picture?.origin !== 'wireframe';

/** Where a zone is on the picture in view; null where that cannot be said. */
export function boxOfZone(zone: Zone, elements: readonly MapElement[], background: string): PageBox | null {
  if (zone.element) {
    return elements.find(({ row }) => row.element === zone.element)?.box ?? null;
  }
  const { left, top, width, height } = zone;
  return zone.background === background ? { left, top, width, height } : null;
}
