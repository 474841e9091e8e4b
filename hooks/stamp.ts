/** Middleware: it meets every request that a route answers. What it returns is the answer; otherwise the route is asked. */
export default ({ app }: FormsteadHooks) => {
  app.onBeforeHandle(({ request, set, status }) => {
    if (request.headers.has("x-stamp")) return status(403, "Only we put stamps on things. Send it again without one.");
    set.headers["x-stamp"] = "Thistledown";
    return undefined;
  });
};
