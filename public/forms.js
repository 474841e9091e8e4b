/*
 * Sends forms without leaving the page. Everything works without it as well.
 *
 *   <script src="https://me.example/forms.js" defer></script>
 *
 * It takes every form that posts to /forms/… of the server it comes from. What is wrong is shown by the fields; thanks take
 * the place of the form, or the page it leads to is opened. On Formstead's own pages (`data-ours`) it takes every form that
 * posts, and the page that answers is shown in place.
 *
 * On a form or a button, `data-plain` leaves it to the browser. Elements with `data-form-done` and `data-form-fail`, in the
 * form or anywhere on the page and `hidden` at first, are shown instead of thanks and of the list of problems. Attributes of
 * the script replace its words: `data-lost`, `data-broken`, `data-problems`, `data-thanks`.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const ours = script.hasAttribute("data-ours");
  const words = {
    lost: "The server could not be reached. Everything you typed is still here: check your connection and send it again.",
    broken:
      "The server did not answer as it should. Everything you typed is still here: wait a minute and send it again.",
    problems: "Please look at this again.",
    thanks: "Thank you",
    ...script.dataset,
  };

  // A field called like a member of its form hides it, so forms are asked through these.
  const call = (it, name, ...args) => Element.prototype[name].apply(it, args);
  const { get } = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements");
  const controlsOf = (form) => [...get.call(form)];

  /** Forms under way, and how each is made usable again. */
  const underWay = new Map();

  /** Forms with problems, and how what was added to show them is taken back. */
  const marked = new Map();

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented) return;
    const request = requestOf(form, submitter);
    if (!request) return;
    event.preventDefault();
    if (!underWay.has(form)) send(form, request);
  });

  // Whoever comes back finds the form as it was, also where the browser has kept the page.
  addEventListener("pagehide", () => underWay.forEach((release) => release()));

  /** What the browser would send; undefined for forms that are left to it. */
  function requestOf(form, button) {
    const said = (name) => button?.getAttribute(`form${name}`) ?? call(form, "getAttribute", name) ?? "";
    const is = (name, ...values) => values.includes(said(name).toLowerCase());
    const url = new URL(said("action") || location.href, document.baseURI);
    const multipart = is("enctype", "multipart/form-data");
    if (url.origin !== home || !(ours || url.pathname.startsWith("/forms/"))) return;
    if (!is("method", "post") || !is("target", "", "_self") || is("enctype", "text/plain")) return;
    if (call(form, "hasAttribute", "data-plain") || button?.hasAttribute("data-plain") || button?.type === "image")
      return;

    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    const plain = () => new URLSearchParams([...data].map(([name, value]) => [name, value.name ?? value]));
    const typed = new Map(controlsOf(form).map((control) => [control, held(control)]));
    return { url, body: multipart ? data : plain(), typed };
  }

  async function send(form, { url, body, typed }) {
    const release = hold(form);
    let answer, text;
    try {
      // Scripts are not told where a 303 leads, so our pages say that they ask for one.
      const headers = ours ? { accept: "text/html", "x-requested-with": "forms.js" } : { accept: "application/json" };
      answer = await fetch(url, { method: "POST", body, headers });
      text = await answer.text();
    } catch {
      release();
      return complain(form, words.lost);
    }
    const next = nextOf(answer);
    if (next && (ours || !isThanks(next))) return go(next, release);
    const thanks = next && (await thanksFrom(next));
    release();
    unmark(form);
    if (ours) showPage(form, text, typed);
    else if (answer.ok) thank(form, thanks);
    else {
      const { message = words.broken, data } = parsed(text);
      complain(form, message, data);
    }
  }

  /** Where an answer leads, when it does. */
  function nextOf(answer) {
    const said = answer.headers.get("location");
    if (said) return new URL(said, answer.url);
    return ours && answer.redirected && answer.ok ? new URL(answer.url) : undefined;
  }

  /** Makes a form wait, so that nothing is sent twice. Answers how it is released. */
  function hold(form) {
    const buttons = controlsOf(form).filter((it) => it.type === "submit" && !it.disabled);
    for (const button of buttons) button.disabled = true;
    call(form, "setAttribute", "aria-busy", "true");
    const release = () => {
      if (underWay.get(form) !== release) return;
      underWay.delete(form);
      for (const button of buttons) button.disabled = false;
      call(form, "removeAttribute", "aria-busy");
    };
    underWay.set(form, release);
    return release;
  }

  /** Opens the next page. The form is held until it is there, or a while where it is a download. */
  function go(next, release) {
    const [page] = location.href.split("#");
    location.assign(next);
    // To another part of the same page browsers only scroll, and what was sent would not be seen.
    if (next.hash && next.href.split("#")[0] === page) location.reload();
    setTimeout(release, 10_000);
  }

  // The answer is a page

  /** Shows the main part of the page that answered instead of the one here. */
  function showPage(form, text, typed) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const [old, fresh] = [document, page].map((it) => it.querySelector("main"));
    if (!fresh) return complain(form, words.broken);
    const action = (it) => call(it, "getAttribute", "action");
    const twins = (part) => [...part.querySelectorAll("form")].filter((it) => action(it) === action(form));
    const again = twins(fresh)[twins(old).indexOf(form)];
    if (again) carry(form, again, typed);
    document.title = page.title;
    document.body.className = page.body.className;
    const first = fresh.querySelector("[autofocus]") ?? fresh.querySelector('[aria-invalid="true"]') ?? fresh;
    first.autofocus = false;
    old.replaceWith(fresh);
    focus(first);
  }

  /** What was typed while the answer was on its way, and the chosen files, which no answer brings back. */
  function carry(form, again, typed) {
    const seen = Object.create(null);
    for (const control of controlsOf(form)) {
      const { name } = control;
      const at = (seen[name] = (seen[name] ?? -1) + 1);
      const twin = controlsOf(again).filter((it) => it.name === name)[at];
      if (!name || twin?.type !== control.type) continue;
      if (control.type !== "file" && held(control) === typed.get(control)) continue;
      const others = parts(twin);
      parts(control).forEach(([part, key], index) => {
        if (others[index]) others[index][0][key] = part[key];
      });
    }
  }

  /** What a control holds, to be compared. */
  function held(control) {
    return JSON.stringify(parts(control).map(([part, key]) => part[key]));
  }

  /** Where a control keeps what it holds: objects, each with the name of a property. */
  function parts(control) {
    if (control.options) return [...control.options].map((option) => [option, "selected"]);
    const keys = { checkbox: "checked", radio: "checked", file: "files" };
    return [[control, keys[control.type] ?? "value"]];
  }

  // The answer is JSON

  function parsed(text) {
    try {
      return JSON.parse(text) ?? {};
    } catch {
      return {};
    }
  }

  /** The page of thanks that every form has, unless it names another one. */
  function isThanks({ origin, pathname }) {
    return origin === home && /^\/forms\/[^/]+\/thanks$/.test(pathname);
  }

  /** What the form's own page of thanks says. */
  async function thanksFrom(url) {
    try {
      const answer = await fetch(url, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return ["h1", ".lead"].map((it) => page.querySelector(`main ${it}`)?.textContent);
    } catch {
      return [];
    }
  }

  /** Puts thanks where the form was. */
  function thank(form, [title, text] = []) {
    const own = ofPage(form, "done");
    const done = own ?? element("div", { class: "notice good", role: "status" });
    if (!own) done.append(element("p", {}, element("strong", {}, title || words.thanks)));
    if (!own && text) done.append(element("p", { class: "prewrap" }, text));
    done.hidden = false;
    HTMLFormElement.prototype.reset.call(form);
    if (call(form, "contains", done)) call(form, "replaceChildren", done);
    else if (own) call(form, "remove");
    else call(form, "replaceWith", done);
    focus(done);
  }

  // What is wrong

  /** Says what is wrong: in all, and by each field that has a problem. Everything typed stays. */
  function complain(form, message, problems = {}) {
    unmark(form);
    const undo = [];
    marked.set(form, undo);
    const list = element("ul");
    for (const [name, { message }] of Object.entries(problems)) {
      const controls = controlsOf(form).filter(
        (it) => it.type !== "hidden" && (it.name === name || it.name?.startsWith(`${name}.`)),
      );
      list.append(element("li", {}, ...markControls(controls, message, undo)));
    }

    const own = ofPage(form, "fail");
    const notice = own ?? element("div", { class: "notice problem", role: "alert" });
    if (own) own.hidden = false;
    else {
      notice.append(element("p", {}, list.firstChild ? words.problems : message));
      if (list.firstChild) notice.append(list);
      call(call(form, "closest", "main") || !ours ? form : document.querySelector("main"), "prepend", notice);
    }
    undo.push(() => (own ? (own.hidden = true) : notice.remove()));
    focus(call(form, "querySelector", '[aria-invalid="true"]') ?? notice);
  }

  /** Puts a sentence below the controls of one field. Answers what the list of all problems says about it. */
  function markControls(controls, message, undo) {
    const last = controls.at(-1);
    if (!last) return [message];
    const note = element("p", { class: "problem", id: freshId() }, message);
    (last.closest("label") ?? last).after(note);
    undo.push(() => note.remove());
    for (const control of controls) {
      const described = control.getAttribute("aria-describedby");
      const attributes = {
        "aria-invalid": "true",
        "aria-describedby": described ? `${described} ${note.id}` : note.id,
      };
      for (const [name, value] of Object.entries(attributes)) {
        const before = control.getAttribute(name);
        control.setAttribute(name, value);
        undo.push(() => (before === null ? control.removeAttribute(name) : control.setAttribute(name, before)));
      }
    }
    controls[0].id ||= freshId();
    return [element("a", { href: `#${controls[0].id}` }, labelOf(controls)), `: ${message}`];
  }

  function unmark(form) {
    for (const undo of marked.get(form) ?? []) undo();
    marked.delete(form);
  }

  /** What a field is called: the words of its label, without what is typed or chosen in it. */
  function labelOf([control, another]) {
    const group = another && control.closest("fieldset")?.querySelector("legend");
    const label = (group ?? control.labels?.[0])?.cloneNode(true);
    for (const inner of label?.querySelectorAll("input, select, textarea, [aria-hidden], .problem") ?? [])
      inner.remove();
    return label?.textContent.trim() || control.getAttribute("aria-label") || control.name;
  }

  // Small things

  /** The page's own element for an occasion: in the form, or outside of every form. */
  function ofPage(form, occasion) {
    const all = [...document.querySelectorAll(`[data-form-${occasion}]`)];
    return all.find((it) => call(form, "contains", it)) ?? all.find((it) => !it.closest("form"));
  }

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  let ids = 0;

  function freshId() {
    return `forms-js-${++ids}`;
  }

  /** Moves there, also to what has no focus by itself. */
  function focus(it) {
    if (!it.matches("input, select, textarea, [tabindex]")) it.tabIndex = -1;
    it.focus();
  }
})();
