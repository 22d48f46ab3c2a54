import { datadogRum } from '@datadog/browser-rum'
const config = window.__accuracy
datadogRum.init({
  applicationId: config.application, clientToken: 'unused', site: 'datadoghq.com', service: 'accuracy',
  proxy: location.origin + '/intake/datadog', sessionSampleRate: 100, sessionReplaySampleRate: 100,
  trackUserInteractions: true, telemetrySampleRate: 0, ...config.options,
})
