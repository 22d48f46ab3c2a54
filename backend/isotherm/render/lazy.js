// Steps down a live page so that lazy content loads, then back up. Bounded: lists may be endless.
async (text) => {
  const { step_px, pause_ms, max_px, max_ms } = JSON.parse(text);
  const end = performance.now() + max_ms;
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  let y = 0;
  while (y < Math.min(document.documentElement.scrollHeight, max_px) && performance.now() < end) {
    y += step_px;
    scrollTo(0, y);
    await rest(pause_ms);
  }
  scrollTo(0, 0);
  await rest(pause_ms);
  return JSON.stringify({ reached_px: y });
}
