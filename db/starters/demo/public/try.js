// What a page can do with `fetch`. Whoever registers or signs in gets a cookie, and it goes along by itself from then on: there
// is nothing to keep. (A page on another origin keeps the token of the answer, and sends it as `Authorization`.)

/** The record of who is signed in. */
let me;

/** What each form of the page sends. */
const calls = {
  register: ({ name, email, password }) => ["POST", "/register", { name, email, password, passwordConfirm: password }],
  login: ({ email, password }) => ["POST", "/login", { email, password }],
  rename: ({ name }) => ["PUT", `/users/${me.id}`, { name }],
  write: ({ title, body }) => ["POST", "/posts", { title, body, published: true, author: me.id }],
  read: () => ["GET", "/posts?sort=-created&perPage=5"],
};

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const call = calls[form.id](Object.fromEntries(new FormData(form)));
    event.submitter.disabled = true;
    const { status, answer } = await send(...call);
    event.submitter.disabled = false;
    event.submitter.focus();
    if (answer.token) me = answer.record;
    open();
    show(form.nextElementSibling, call, status, answer);
  });
}

/** Sends JSON, and gives back what was answered. */
async function send(method, path, body) {
  const headers = { accept: "application/json", "content-type": "application/json" };
  try {
    const response = await fetch(path, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: "No answer", answer: { message: "Check whether the server runs, and try again." } };
  }
}

/** Only who is signed in may change a name, or write. */
function open() {
  for (const fieldset of document.querySelectorAll("fieldset")) {
    fieldset.disabled = !me && ["rename", "write"].includes(fieldset.form.id);
  }
}

/** Shows a request and its answer. */
function show(place, [method, path, body], status, answer) {
  place.replaceChildren(
    part("h3", `${method} ${path}`),
    part("pre", json(body)),
    part("h3", status, status === 200 ? "good" : "refused"),
    part("pre", json(answer)),
  );
}

function part(tag, text, name = "") {
  return Object.assign(document.createElement(tag), { textContent: text, className: name });
}

/** Not for every eye: passwords, and all of a token but its beginning. */
function json(value = "") {
  const hide = (key, it) => {
    if (typeof it !== "string") return it;
    return key.startsWith("password") ? "…" : key === "token" ? `${it.slice(0, 12)}…` : it;
  };
  return value && JSON.stringify(value, hide, 2);
}

open();
