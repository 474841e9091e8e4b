/** What a server knows of the requests it has in hand. */
export interface Keeper {
  /** `null` for a request that has been answered, or whose sender has gone. */
  requestIP(request: Request): object | null;
  /** Lets the connection of a request live for so many seconds from now. */
  timeout?(request: Request, seconds: number): void;
}

/**
 * Keeps the connections of slow requests: Bun cuts off one that has been silent on our side for a while, whatever arrives on it
 * and whatever we are still working out. What must end somewhere is ended by us, with a sentence.
 */
export interface Patience {
  /** From now on a request is in hand. */
  begin(request: Request): void;
  end(request: Request): void;
  /** `giveUp` is called where the request is still in hand when its body has taken as long as a body may. */
  limit(request: Request, giveUp: () => void): void;
}

export interface PatienceOptions {
  /** Milliseconds between two looks at what is in hand. */
  readonly every: number;
  /** Milliseconds that a body may take. */
  readonly longest: number;
}

/** Well below the ten seconds that Bun waits where nobody has told it otherwise. */
const usual: PatienceOptions = { every: 4_000, longest: 300_000 };
/** Seconds that a connection lives after a look: some looks may come late. */
const reprieve = 60;

interface Held {
  looks: number;
  giveUp?: () => void;
}

export function openPatience(
  keeper: () => Keeper | null | undefined,
  { every, longest }: PatienceOptions = usual,
): Patience {
  const inHand = new Map<Request, Held>();
  let timer: ReturnType<typeof setInterval> | undefined;

  function look(): void {
    const server = keeper();
    for (const [request, held] of inHand) {
      // Nobody tells us the end of a request that people's own code has answered before us.
      if (!server?.requestIP(request)) inHand.delete(request);
      else {
        server.timeout?.(request, reprieve);
        if (++held.looks === Math.ceil(longest / every)) held.giveUp?.();
      }
    }
    if (inHand.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    begin: (request) => {
      inHand.set(request, { looks: 0 });
      if (timer !== undefined) return;
      timer = setInterval(look, every);
      timer.unref();
    },
    end: (request) => void inHand.delete(request),
    limit: (request, giveUp) => {
      const held = inHand.get(request);
      if (held) held.giveUp = giveUp;
    },
  };
}
