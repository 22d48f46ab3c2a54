// Connect a site: choose what the site sends with, paste the snippet, and see the first click arrive by itself.

import { css } from '@emotion/css';
import React, { useState } from 'react';

import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, Field, Input, LinkButton, useStyles2 } from '@grafana/ui';

import type { Sender } from '../contract/query';
import { AllowSite } from '../workspace/AllowSite';
import { Choices } from '../workspace/Choices';
import { text } from '../workspace/text';
import { useAnswer } from '../workspace/useAnswer';
import { useLibrary } from './context';
import { FirstClick } from './FirstClick';
import { linkTo, searchOf } from './links';
import { snippetsFor } from './snippets';

/** Stands in snippets for an address that is not known. */
const SERVER = 'https://isotherm.example.com/';
const SITE = 'my-site';
/** What a name in a snippet may have without being quoted anew. */
const UNFIT = /[^\p{L}\p{N}_. -]+/gu;

export function ConnectSite({ arrived }: { arrived: () => void }) {
  const styles = useStyles2(getStyles);
  const { library, url, search } = useLibrary();
  const [chosen, setChosen] = useState<Sender>('events');
  const [site, setSite] = useState(SITE);
  const [origin, setOrigin] = useState('');
  const status = useAnswer('status', (signal) => library.status(signal));
  const address = status.value ? library.address(status.value) : '';
  const snippets = snippetsFor(address || SERVER);
  const offered = Object.keys(snippets) as Sender[];
  const application = site.replace(UNFIT, '').trim() || SITE;
  const code = snippets[chosen].code.replaceAll(SITE, application);
  const words = text.library.connect;
  return (
    <div className={styles.box} data-testid="connect">
      <section aria-label={words.title}>
        <ol className={styles.steps}>
          <li>
            <h2>{words.choose}</h2>
            <Choices
              label={words.choose}
              choices={offered.map((sender) => ({ value: sender, label: snippets[sender].name }))}
              value={chosen}
              onChange={setChosen}
            />
            <p className={styles.quiet}>{words.about[chosen]}</p>
            <Field label={words.site} className={styles.field}>
              <Input id="isotherm-site" width={32} value={site} onChange={(e) => setSite(e.currentTarget.value)} />
            </Field>
            <Field label={words.origin} description={words.originHelp} className={styles.field}>
              <Input
                id="isotherm-origin"
                width={32}
                placeholder="https://www.example.com"
                value={origin}
                onChange={(e) => setOrigin(e.currentTarget.value.trim())}
              />
            </Field>
            {origin && <AllowSite key={`${application} ${origin}`} application={application} site={origin} />}
          </li>
          <li>
            <h2>{words.paste}</h2>
            {!address && status.value && <p className={styles.warn}>{words.noAddress}</p>}
            <pre tabIndex={0} aria-label={words.paste}>
              {code}
            </pre>
            <ClipboardButton variant="primary" icon="copy" getText={() => code}>
              {text.library.health.snippetCopy}
            </ClipboardButton>
          </li>
          <li>
            <h2>{words.click}</h2>
            <FirstClick name={application} address={address || SERVER} arrived={arrived} />
          </li>
        </ol>
        <p className={styles.more}>
          <LinkButton
            fill="text"
            variant="secondary"
            icon="tachometer-fast"
            {...linkTo(url, searchOf('health', search))}
          >
            {words.health}
          </LinkButton>
        </p>
      </section>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ maxWidth: 860 }),
  quiet: css({ color: theme.colors.text.secondary, margin: theme.spacing(1, 0) }),
  warn: css({ color: theme.colors.warning.text }),
  field: css({ marginBottom: theme.spacing(1) }),
  steps: css({
    listStyle: 'none',
    counterReset: 'step',
    margin: theme.spacing(2, 0),
    '& > li': {
      position: 'relative',
      counterIncrement: 'step',
      padding: theme.spacing(0, 0, 3, 6),
      '&::before': {
        content: 'counter(step)',
        position: 'absolute',
        left: 0,
        top: -4,
        width: 32,
        height: 32,
        display: 'grid',
        placeItems: 'center',
        borderRadius: '50%',
        background: theme.colors.primary.main,
        color: theme.colors.primary.contrastText,
        fontWeight: theme.typography.fontWeightMedium,
      },
      '&:not(:last-child)::after': {
        content: '""',
        position: 'absolute',
        left: 15,
        top: 34,
        bottom: 10,
        width: 2,
        background: theme.colors.border.medium,
      },
      [theme.breakpoints.down('sm')]: { paddingLeft: theme.spacing(5) },
    },
    '& h2': { ...theme.typography.h5, margin: theme.spacing(0, 0, 1) },
    '& pre': {
      maxHeight: 320,
      overflow: 'auto',
      padding: theme.spacing(1.5),
      fontSize: theme.typography.bodySmall.fontSize,
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
    },
  }),
  more: css({ display: 'flex', gap: theme.spacing(1), flexWrap: 'wrap', marginLeft: theme.spacing(-2) }),
});
