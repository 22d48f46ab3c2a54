import { record } from 'rrweb'
const config = window.__accuracy
const session = (sessionStorage.session ??= String(Math.random()).slice(2))
let events = [], url
// a beacon or keepalive request may hold 64 kB with all others that are under way: only for the last one
const send = (last) => {
  if (!events.length) return
  const body = JSON.stringify({ application: config.application, session, url, events: events.splice(0) })
  fetch('/intake/rrweb', { method: 'POST', body, keepalive: last && body.length < 60000 })
}
const emit = (event) => {
  if (url !== location.href) event.url = url = location.href
  events.push(event)
}
record({ emit, ...config.options })
setInterval(() => send(false), 1000)
addEventListener('visibilitychange', () => send(false))
addEventListener('pagehide', () => send(true))
