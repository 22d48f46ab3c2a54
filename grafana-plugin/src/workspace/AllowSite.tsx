// One click that allows a site, and what comes of it.

import { css } from '@emotion/css';
import React, { useEffect, useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';

import { asError } from './asError';
import { useWorkspace } from './context';
import { count } from './format';
import { useHost } from './host';
import { errorText } from './serverText';
import { text } from './text';

interface AllowSiteProps {
  application: string;
  site: string;
  /** It is allowed already, but not at a private address. */
  isPrivate?: boolean;
  /** Called when it is allowed, with the number of pictures that are made again. */
  allowed?: (pictures: number) => void;
  /** Look for the new pictures while they are made. */
  follow?: boolean;
}

const LOOK_MS = 4000;
const LOOKS = 20;

export function AllowSite({ application, site, isPrivate = false, allowed, follow = false }: AllowSiteProps) {
  const styles = useStyles2(getStyles);
  const { backend, refresh } = useWorkspace();
  const { may } = useHost();
  const [pictures, setPictures] = useState<number | null>(null);
  const [failed, setFailed] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!follow || !pictures) {
      return undefined;
    }
    let left = LOOKS;
    const timer = setInterval(() => (left-- > 0 ? refresh() : clearInterval(timer)), LOOK_MS);
    return () => clearInterval(timer);
  }, [follow, pictures, refresh]);
  const { sites } = backend;
  if (!sites) {
    return null;
  }
  const words = text.sites;
  if (!(isPrivate ? may.configure : may.edit)) {
    return <span className={styles.quiet}>{isPrivate ? words.askAdmin(site) : words.askEditor(site)}</span>;
  }
  if (pictures !== null) {
    return <span role="status">{words.allowed(site, count(pictures), pictures)}</span>;
  }
  const allow = async () => {
    setBusy(true);
    try {
      const made = await (isPrivate ? sites.allowPrivate(application, site) : sites.allow(application, site));
      setPictures(made);
      allowed?.(made);
    } catch (error) {
      setFailed(errorText(asError(error)));
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="sm" variant="secondary" icon="plus" disabled={busy} onClick={() => void allow()}>
        {isPrivate ? words.allowPrivate(site) : words.allow(site)}
      </Button>
      {failed && <span role="alert">{failed}</span>}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ quiet: css({ color: theme.colors.text.secondary }) });
