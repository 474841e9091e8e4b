/** Members of the app that add routes, and what brings routes and middleware of its own. */
const routes = new Set("get post put patch delete head options all route ws mount group guard".split(" "));

/** The app as a hook file gets it, and what it has put off. */
export interface PeopleApp {
  readonly app: object;
  /** Adds what was brought by `use`. */
  useAll(): void;
  /** Adds the routes; answers whether there are any. From now on everything goes to the app at once. */
  addRoutes(): boolean;
}

/**
 * Elysia's middleware meets only the routes that are added after it. So that the middleware of every file meets the routes of
 * every file, and ours, middleware is added at once, plugins once all files have been run, and routes last of all: an address
 * of theirs then also wins over ours.
 */
export function openPeopleApp(target: object): PeopleApp {
  const plugins: (() => unknown)[] = [];
  const added: (() => unknown)[] = [];
  let open = true;
  const app: object = new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const call = (): unknown => Reflect.apply(member, target, args);
        const later = !open ? undefined : name === "use" ? plugins : routes.has(String(name)) ? added : undefined;
        const result = later ? void later.push(call) : call();
        return later || result === target ? app : result;
      };
    },
  });
  return {
    app,
    useAll: () => {
      for (const call of plugins.splice(0)) call();
    },
    addRoutes: () => {
      open = false;
      const calls = added.splice(0);
      for (const call of calls) call();
      return calls.length > 0;
    },
  };
}
