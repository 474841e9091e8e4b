/** Tells those who listen that something new is on disk; what it is stands in the outbox. */
export interface Hub {
  wake(): void;
  /** Answers a function that ends the listening. `listener` returns at once and does not throw. */
  listen(listener: () => void): () => void;
}

export function openHub(): Hub {
  const listeners = new Set<() => void>();
  return {
    wake: () => {
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
