let arrival: Promise<void> | undefined;

/**
 * Resolves once all requests that arrive in this turn of the event loop have come here. What follows is then done for one after
 * another, step by step, and each step's code is in the processor's caches for all but the first: where the way is long, as a form
 * post's is, that is a quarter of its time (`docs/performance.md`).
 */
export function together(): Promise<void> {
  arrival ??= new Promise((resolve) =>
    setImmediate(() => {
      arrival = undefined;
      resolve();
    }),
  );
  return arrival;
}
