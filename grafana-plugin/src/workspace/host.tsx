// What is around the workspace: who looks at it, what they may change, and what can be opened from it.

import React, { createContext, useContext, type ComponentType, type ReactNode } from 'react';

import type { AnyQuery, QueryOf } from '../contract/query';

/** A page around the map: its words and buttons, and what is below them. */
export interface PageProps {
  title: string;
  lead?: string;
  /** Buttons at the right of the title. */
  head?: ReactNode;
  children: ReactNode;
}

export interface Host {
  /** `edit`: save, share, make and choose pictures; `configure`: delete pictures, settings. */
  may: { edit: boolean; configure: boolean };
  /** Who is signed in; "" = nobody signs in here, so whoever saves is asked for a name. */
  user: string;
  /** Puts a page into the host's own frame; without it pages bring their own bar. */
  Page?: ComponentType<PageProps>;
  /** Where a trace can be looked at, if a tracing data source is known. */
  traceHref?: (trace: string, from: string, to: string) => string;
  /** Where the answers to queries can be looked at further; `from` and `to` as in addresses. */
  exploreHref?: (queries: readonly AnyQuery[], from: string, to: string) => string;
  /** Where an alert on a zone is set up. */
  alertHref?: (zone: QueryOf<'zone'>, name: string) => string;
}

/** No host: everyone who gets here may do everything. */
const ALONE: Host = { may: { edit: true, configure: true }, user: '' };

const Context = createContext<Host>(ALONE);

export const HostProvider = Context.Provider;

export const useHost = (): Host => useContext(Context);

/** Where the skip link leads. */
export const MAIN = 'isotherm-main';

/** The main part of a page; a host with a frame of its own has that landmark already, and there may be only one. */
export function Main({ className, children }: { className: string; children: ReactNode }) {
  const Landmark = useHost().Page ? 'div' : 'main';
  return (
    <Landmark id={MAIN} tabIndex={-1} className={className} style={{ outline: 'none' }}>
      {children}
    </Landmark>
  );
}
