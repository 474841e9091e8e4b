/** A route of your own: http://127.0.0.1:8090/hello */
export default ({ app }: FormsteadHooks) => {
  app.get("/hello", () => "Hello from the backend!");
};
