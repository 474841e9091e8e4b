/**
 * How every Elysia of ours is made: one router on sockets and in tests, paths taken literally, and no schema that
 * rewrites what was sent.
 */
export const elysiaOptions = { systemRouter: false, strictPath: true, normalize: false } as const;

/** The largest request there is, for fields that take large files; whoever says more in `Content-Length` gets a 413 from us. */
export const largestRequest = 1024 * 1024 * 1024;

/**
 * For `listen`, beside port and hostname. Bun cuts a connection off above `maxRequestBodySize` without an answer of ours, so
 * it lies above everything that we count ourselves. `idleTimeout` (seconds) is for connections on which nothing moves: who sends
 * slowly is given more by patience.ts.
 */
export const serverOptions = {
  reusePort: false,
  idleTimeout: 30,
  maxRequestBodySize: largestRequest + 1024 * 1024,
} as const;

/** The same for a server whose queries may take so many seconds: an answer that is waited for moves nothing. */
export function serverOptionsFor(queryTimeout: number) {
  return { ...serverOptions, idleTimeout: Math.min(255, Math.max(serverOptions.idleTimeout, queryTimeout + 10)) };
}
