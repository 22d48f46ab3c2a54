import { initializeFaro, getWebInstrumentations } from '@grafana/faro-web-sdk'
import { ReplayInstrumentation } from '@grafana/faro-instrumentation-replay'
const config = window.__accuracy
initializeFaro({
  url: location.origin + '/intake/faro',
  app: { name: config.application, version: '1' },
  batching: { sendTimeout: 300 },
  instrumentations: [...getWebInstrumentations(), new ReplayInstrumentation(config.options)],
})
