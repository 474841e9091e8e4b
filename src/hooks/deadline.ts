/**
 * Waits for people's own code, for `milliseconds` at most, and then throws what `late` makes. What the code does afterwards is
 * heard by nobody.
 */
export async function inTime<T>(milliseconds: number, work: () => T | Promise<T>, late: () => Error): Promise<T> {
  const end = Promise.withResolvers<never>();
  const timer = setTimeout(() => end.reject(late()), milliseconds);
  try {
    return await Promise.race([work(), end.promise]);
  } finally {
    clearTimeout(timer);
  }
}
