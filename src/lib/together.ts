/** Waits for whoever else is on the way. */
export type Together = () => Promise<void>;

/**
 * The promise resolves once all requests that arrive in this turn of the event loop have asked for it. What follows is then done for one
 * after another, step by step, and each step's code is in the processor's caches for all but the first: where the way is long, as a form
 * post's is, that is a quarter of its time (`docs/performance.md`).
 */
export function openTogether(): Together {
  let arrival: Promise<void> | undefined;
  return () => {
    arrival ??= new Promise((resolve) =>
      setImmediate(() => {
        arrival = undefined;
        resolve();
      }),
    );
    return arrival;
  };
}
