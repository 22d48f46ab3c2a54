// What to paste into a site so that its events come here, with this server's address filled in.

import type { Sender } from '../contract/query';
import { text } from '../workspace/text';

export interface Snippet {
  name: string;
  code: string;
}

/** Snippets for a server at `base`, an absolute address that ends in a slash, in the order in which they are offered. */
export function snippetsFor(base: string): Record<Sender, Snippet> {
  return {
    events: {
      name: text.library.health.ownScript,
      code: `<script async src="${base}intake/isotherm.js" data-application="my-site"></script>`,
    },
    datadog: {
      name: 'Datadog browser SDK',
      code: `import { datadogRum } from '@datadog/browser-rum';

datadogRum.init({
  applicationId: 'my-site',
  clientToken: 'isotherm',
  site: 'datadoghq.com',
  service: 'my-site',
  env: 'prod',
  version: '1.0.0',
  sessionSampleRate: 100,
  sessionReplaySampleRate: 100,
  trackUserInteractions: true,
  defaultPrivacyLevel: 'mask-user-input',
  proxy: '${base}intake/datadog',
});
datadogRum.startSessionReplayRecording();`,
    },
    guance: {
      name: 'Guance browser SDK',
      code: `import { datafluxRum } from '@cloudcare/browser-rum';

datafluxRum.init({
  applicationId: 'my-site',
  datakitOrigin: '${base}intake/guance',
  service: 'my-site',
  env: 'prod',
  version: '1.0.0',
  sessionSampleRate: 100,
  sessionReplaySampleRate: 100,
  trackUserInteractions: true,
  defaultPrivacyLevel: 'mask-user-input',
});
datafluxRum.startSessionReplayRecording();`,
    },
    faro: {
      name: 'Grafana Faro',
      code: `import { initializeFaro, getWebInstrumentations } from '@grafana/faro-web-sdk';
import { ReplayInstrumentation } from '@grafana/faro-instrumentation-replay';

initializeFaro({
  url: '${base}intake/faro',
  app: { name: 'my-site', version: '1.0.0', environment: 'prod' },
  instrumentations: [...getWebInstrumentations(), new ReplayInstrumentation({ inlineStylesheet: true })],
});`,
    },
    rrweb: {
      name: 'rrweb',
      code: `import { record } from 'rrweb';

const session = crypto.randomUUID();
let events = [];
let url;
let seq = 0;
record({
  emit(event) {
    event.seq = seq++; // their order, whatever the visitor's clock says
    if (url !== location.href) event.url = url = location.href; // each event belongs to its page
    events.push(event);
  },
  maskAllInputs: true,
});
async function send(leaving) {
  if (!events.length) return;
  const batch = events.splice(0);
  const body = JSON.stringify({ application: 'my-site', session, url, events: batch });
  const keepalive = leaving && body.length < 60_000; // browsers refuse more
  const sent = await fetch('${base}intake/rrweb', { method: 'POST', body, keepalive }).catch(() => null);
  if (!sent?.ok) events.unshift(...batch); // the next try has them
}
setInterval(() => send(false), 5000);
addEventListener('pagehide', () => send(true));`,
    },
  };
}
