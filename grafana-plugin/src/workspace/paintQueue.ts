// Paints tiles between frames: as many as fit into a third of a frame, so that scrolling is never held up.

const BUDGET_MS = 5;
const jobs = new Set<() => void>();
let frame = 0;

function run(): void {
  frame = 0;
  const start = performance.now();
  for (const job of jobs) {
    jobs.delete(job);
    job();
    if (performance.now() - start > BUDGET_MS) {
      break;
    }
  }
  if (jobs.size) {
    frame = requestAnimationFrame(run);
  }
}

/** Have a job done in one of the next frames. Returns how to take it back. */
export function enqueue(job: () => void): () => void {
  jobs.add(job);
  if (!frame) {
    frame = requestAnimationFrame(run);
  }
  return () => jobs.delete(job);
}
