// Drives Chromium through a small shop with the real SDKs and stores what they sent beside the truth.
// CHROMIUM=... node capture.mjs OUT, in a folder with @datadog/browser-rum, @grafana/faro-web-sdk, @grafana/faro-web-tracing,
// esbuild and playwright-core.
import { createRequire } from 'module'
import http from 'http'
import { mkdirSync, writeFileSync } from 'fs'
import { join } from 'path'

const require = createRequire(process.cwd() + '/x.js')
const { chromium } = require('playwright-core')
const esbuild = require('esbuild')
const OUT = process.argv[2]
const SHOP = 'http://shop.example.test'
const VERSIONS = Object.fromEntries(['@datadog/browser-rum', '@grafana/faro-web-sdk', '@grafana/faro-web-tracing'].map(
  (name) => [name, require(join(process.cwd(), 'node_modules', name, 'package.json')).version]))

const SDK = {
  datadog: (version) => `
    import { datadogRum } from '@datadog/browser-rum'
    datadogRum.init({ applicationId: '6f1c2b1e-0000-4000-8000-00000000abcd', clientToken: 'pubtest', site: 'datadoghq.com',
      proxy: '${SHOP}/dd', service: 'traced-shop', env: 'test', version: '${version}', sessionSampleRate: 100,
      sessionReplaySampleRate: 0, telemetrySampleRate: 0, trackUserInteractions: true, trackResources: true, trackLongTasks: true,
      defaultPrivacyLevel: 'allow', allowedTracingUrls: [{ match: '${SHOP}', propagatorTypes: ['tracecontext'] }] })
    window.measured = () => datadogRum.addDurationVital('checkout', { startTime: Date.now() - 17, duration: 17 })`,
  faro: (version) => `
    import { initializeFaro, getWebInstrumentations } from '@grafana/faro-web-sdk'
    import { TracingInstrumentation } from '@grafana/faro-web-tracing'
    const faro = initializeFaro({ url: '${SHOP}/collect', app: { name: 'traced-shop', version: '${version}', environment: 'test' },
      batching: { sendTimeout: 400 }, trackResources: true,
      instrumentations: [...getWebInstrumentations({ enablePerformanceInstrumentation: true }), new TracingInstrumentation()] })
    window.measured = () => faro.api.pushMeasurement({ type: 'checkout', values: { steps: 3 } })`,
}

const page = (version) => `<!doctype html><html><head><title>Traced shop</title><script src="/sdk.js"></script></head><body>
<h1>Traced shop</h1>
${['stock', 'order', 'sort', 'coupon', 'pay'].map((id) => `<button id="${id}" data-faro-user-action-name="${id}">${id}</button>`).join('\n')}
<ul id="list"></ul>
<script>
const on = (id, handler) => document.getElementById(id).addEventListener('click', handler)
const say = (text) => { document.getElementById('list').append(Object.assign(document.createElement('li'), { textContent: text })) }
on('stock', () => fetch('/api/stock/17?sku=secret').then((r) => say('stock ' + r.status)))
on('order', () => fetch('/api/orders/4711', { method: 'POST', body: 'x' }).then((r) => say('order ' + r.status)))
on('sort', function sortEverything() { const end = performance.now() + 180; while (performance.now() < end); say('sorted') })
on('coupon', () => { const x = new XMLHttpRequest(); x.open('GET', '/api/coupons/abc'); x.onload = () => say('coupon ' + x.status); x.send() })
on('pay', function payNow() { ${version === '1.1.0' ? 'const basket = undefined; basket.total' : "fetch('/api/pay', { method: 'POST' }).then((r) => say('paid ' + r.status))"} })
setTimeout(() => fetch('/api/poll').then(() => say('poll')), 700)
setTimeout(() => window.measured(), 900)
</script></body></html>`

const API = { '/api/stock/17': [503, 20], '/api/orders/4711': [201, 600], '/api/coupons/abc': [404, 15], '/api/pay': [200, 150], '/api/poll': [200, 5] }
let session = null
const server = http.createServer((req, res) => {
  const chunks = []
  req.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const [path, query = ''] = req.url.split('?')
    if (path === '/dd' || path === '/collect') {
      session.sent.push({ at: Date.now(), path, query, type: req.headers['content-type'] ?? '', agent: req.headers['user-agent'],
        key: req.headers['idempotency-key'] ?? '', body: Buffer.concat(chunks) })
      res.writeHead(202).end('{}')
    } else if (path === '/sdk.js') {
      res.writeHead(200, { 'content-type': 'text/javascript' }).end(session.bundle)
    } else if (API[path]) {
      const [status, ms] = API[path]
      session.calls.push({ at: Date.now(), method: req.method, path, status, ms, traceparent: req.headers.traceparent ?? '' })
      setTimeout(() => res.writeHead(status, { 'content-type': 'text/plain' }).end('answer'), ms)
    } else if (path === '/') {
      res.writeHead(200, { 'content-type': 'text/html' }).end(page(session.version))
    } else {
      res.writeHead(404).end()
    }
  })
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const rules = `MAP shop.example.test 127.0.0.1:${server.address().port}`
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', `--host-resolver-rules=${rules}`] })

for (const sdk of ['datadog', 'faro']) {
  for (const version of ['1.0.0', '1.1.0']) {
    const built = esbuild.buildSync({ stdin: { contents: SDK[sdk](version), resolveDir: process.cwd() }, bundle: true, write: false,
      minify: true, format: 'iife', define: { 'process.env.NODE_ENV': '"production"' } })
    session = { version, bundle: built.outputFiles[0].text, sent: [], calls: [] }
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const tab = await context.newPage()
    await tab.goto(`${SHOP}/`)
    await tab.waitForTimeout(1500)
    const clicks = []
    for (const id of ['stock', 'order', 'sort', 'coupon', 'pay', 'pay']) {
      clicks.push({ at: Date.now(), element: `#${id}` })
      await tab.click(`#${id}`)
      await tab.waitForTimeout(1800)
    }
    await tab.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      const event = new Event('visibilitychange', { bubbles: true })
      event.__ddIsTrusted = true
      document.dispatchEvent(event)
    })
    await tab.waitForTimeout(800)
    await tab.goto('about:blank')
    await tab.waitForTimeout(800)
    await context.close()
    const folder = join(OUT, `${sdk}-${version}`)
    mkdirSync(folder, { recursive: true })
    const requests = session.sent.map((one, place) => {
      const file = `${String(place + 1).padStart(4, '0')}.${sdk === 'faro' ? 'faro.json' : 'rum.ndjson'}`
      writeFileSync(join(folder, file), one.body)
      const headers = { 'user-agent': one.agent, 'content-type': one.type, ...(one.key && { 'idempotency-key': one.key }) }
      return { received_at_ms: one.at, method: 'POST', path: one.path, query: one.query, headers, body_file: file }
    })
    writeFileSync(join(folder, 'requests.json'), JSON.stringify({ sdk: VERSIONS, requests }, null, 1) + '\n')
    writeFileSync(join(folder, 'truth.json'), JSON.stringify({ version, clicks, calls: session.calls }, null, 1) + '\n')
    console.log(sdk, version, 'requests', requests.length, 'calls', session.calls.length)
  }
}
await browser.close()
server.close()
