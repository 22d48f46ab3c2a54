import { datadogRum } from '@datadog/browser-rum'
const given = window.KESTREL
datadogRum.init({ applicationId: given.application, clientToken: 'unused', site: 'datadoghq.com', service: given.service,
  env: 'production', version: given.version, proxy: 'http://intake.example.test/dd', sessionSampleRate: 100,
  sessionReplaySampleRate: 100, trackUserInteractions: true, trackResources: true, trackLongTasks: true,
  defaultPrivacyLevel: 'allow', telemetrySampleRate: 0 })
datadogRum.setUser(given.user)
datadogRum.setGlobalContext({ traffic: 'generated', variant: given.variant })
