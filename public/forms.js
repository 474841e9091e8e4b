/*
 * Sends forms without leaving the page. Everything works without it as well.
 *
 *   <script src="https://me.example/forms.js" defer></script>
 *
 * It takes every form that posts to /forms/… or /f/… of the server it comes from. What is wrong is shown by the fields; thanks
 * take the place of the form, or the page it leads to is opened. Where the page was left to another one because of problems, it
 * shows them. On Formstead's own pages (`data-ours`) it takes every form that posts, and the page that answers is shown in place.
 *
 * While somebody types it asks for a token and works out a proof that goes with it, which keep out programs that send answers
 * by the thousand. Without them forms work as well.
 *
 * On a form or a button, `data-plain` leaves it to the browser. Elements with `data-form-done` and `data-form-fail`, in the
 * form or anywhere on the page and `hidden` at first, are shown instead of thanks and of the list of problems; a `<dialog>` is
 * opened. Attributes of the script replace its words: `data-lost`, `data-broken`, `data-problems`, `data-progress`, `data-thanks`.
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
    progress: "Sending",
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

  /** What each form shows to be no program's: promises of a token and the proof for it, and the path they are for. */
  const proofs = new WeakMap();

  /** Whether the page's own policy keeps us from sending anything. */
  let barred = false;

  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    barred ||= effectiveDirective === "connect-src" && blockedURI.startsWith(home);
  });

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || barred) return;
    const target = targetOf(form, submitter);
    if (!target) return;
    event.preventDefault();
    if (!underWay.has(form)) send(form, submitter, target);
  });

  // Whoever comes back finds the form as it was, also where the browser has kept the page.
  addEventListener("pagehide", () => underWay.forEach((release) => release()));

  document.addEventListener("focusin", ({ target: { form } }) => {
    const path = form && pathOf(targetOf(form)?.url);
    if (path) proofOf(form, path);
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showProblemsOfLastTime);
  else showProblemsOfLastTime();

  /** The path of a form for strangers; undefined for all other addresses. */
  function pathOf(url) {
    const slug = url?.origin === home && /^\/(?:forms|f)(\/[^/]+)$/.exec(url.pathname)?.[1];
    return slug && `/forms${slug}`;
  }

  /** Where the browser would send a form, and how; undefined for forms that are left to it. */
  function targetOf(form, button) {
    const said = (name) => button?.getAttribute(`form${name}`) ?? call(form, "getAttribute", name) ?? "";
    const is = (name, ...values) => values.includes(said(name).toLowerCase());
    const url = new URL(said("action") || location.href, document.baseURI);
    if (url.origin !== home || !(ours || pathOf(url))) return;
    if (!is("method", "post") || !is("target", "", "_self") || is("enctype", "text/plain")) return;
    if (call(form, "hasAttribute", "data-plain") || button?.hasAttribute("data-plain") || button?.type === "image")
      return;
    return { url, multipart: is("enctype", "multipart/form-data") };
  }

  async function send(form, button, { url, multipart }) {
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    const typed = new Map(controlsOf(form).map((control) => [control, held(control)]));
    const release = hold(form);
    // Nobody waits for a proof for ever: without one the answer is looked at more closely, no more.
    const path = pathOf(url);
    const proof = path && (await Promise.race([proofOf(form, path), later(10_000)]));
    for (const [name, value] of Object.entries(proof || {})) data.set(name, value);
    const plain = () => new URLSearchParams([...data].map(([name, value]) => [name, value.name ?? value]));
    let answer;
    try {
      answer = await post(form, url, multipart ? data : plain());
    } catch {
      release();
      return barred ? HTMLFormElement.prototype.requestSubmit.call(form, button) : complain(form, words.lost);
    }
    const { next, ok, text } = answer;
    // What is typed from here on, by who comes back, is another answer.
    if (ok)
      call(form, "addEventListener", "input", () => {
        proofs.delete(form);
        for (const { dataset } of controlsOf(form)) delete dataset.bits;
      });
    if (next && (ours || !isThanks(next))) return go(next, release);
    const thanks = next && (await thanksFrom(next));
    release();
    unmark(form);
    if (ours) showPage(form, text, typed);
    else if (ok) thank(form, thanks);
    else {
      // The second shape is the one that Formspree answers with.
      const { message, data, error, errors = [] } = parsed(text);
      complain(form, message ?? error ?? words.broken, data ?? Object.fromEntries(errors.map((it) => [it.field, it])));
    }
  }

  /** Sends, and shows how far it is; only XMLHttpRequest knows. Rejects where there is no answer. */
  function post(form, url, body) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("accept", ours ? "text/html" : "application/json");
      // Scripts are not told where a 303 leads, so our pages say that they ask for one.
      if (ours) request.setRequestHeader("x-requested-with", "forms.js");
      const bar = element("progress", { max: 1, value: 0, "aria-label": words.progress });
      if ([...body.values()].some((it) => it.size)) {
        call(form, "append", bar);
        request.upload.onprogress = ({ loaded, total }) => (bar.value = total && loaded / total);
      }
      request.onloadend = () => {
        bar.remove();
        const { status, responseURL, responseText: text } = request;
        const ok = status >= 200 && status < 300;
        const said = request.getResponseHeader("location") ?? (ours && ok && responseURL !== url.href && responseURL);
        if (status) resolve({ ok, text, next: said ? new URL(said, responseURL) : undefined });
        else reject();
      };
      request.send(body);
    });
  }

  // No program

  /** What shows that a form is filled in by somebody: asked for when they begin, and worked out while they type. */
  function proofOf(form, path) {
    if (proofs.get(form)?.path !== path) proofs.set(form, { path, proof: prove(form, path) });
    return proofs.get(form).proof;
  }

  async function prove(form, path) {
    const hidden = controlsOf(form).find((it) => it.dataset.bits);
    try {
      const { token, bits, seconds } = hidden
        ? { token: hidden.value, bits: +hidden.dataset.bits, seconds: 0 }
        : await asked(`${path}/token`);
      // A token that is asked for only when somebody sends would make them look like a program: it is let grow older.
      const [proof] = await Promise.all([worked(token, bits), later(seconds * 1000)]);
      return { _token: token, _proof: proof };
    } catch {
      proofs.delete(form);
    }
  }

  /** A number that makes the hash of token and number begin with so many zero bits. */
  function worked(token, bits) {
    return new Promise((resolve) => {
      const onPage = (from = 0) => {
        const found = search(token, bits, from, 2000);
        if (found !== undefined) resolve(`${found}`);
        else setTimeout(onPage, 0, from + 2000);
      };
      try {
        const source = `onmessage=({data})=>{postMessage((${search})(...data,0,1/0));close()}`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
        worker.onmessage = ({ data }) => resolve(`${data}`);
        // The page's policy may know no such workers.
        worker.onerror = () => onPage();
        worker.postMessage([token, bits]);
      } catch {
        onPage();
      }
    });
  }

  /** Tries numbers. SHA-256 as FIPS 180-4 has it: `crypto.subtle` is only where pages come over TLS. */
  function search(token, bits, from, count) {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
    const fraction = (x) => ((x % 1) * 2 ** 32) | 0;
    const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
    const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const turn = (x, by) => (x >>> by) | (x << (32 - by));
    const words = new Int32Array(64);

    const hash = (text) => {
      const blocks = (text.length + 72) >> 6;
      const state = Int32Array.from(start);
      for (let block = 0; block < blocks; block++) {
        words.fill(0);
        for (let at = 0; at < 64; at++) {
          const index = block * 64 + at;
          const byte = index < text.length ? text.charCodeAt(index) : index === text.length ? 128 : 0;
          words[at >> 2] |= byte << (24 - (at & 3) * 8);
        }
        if (block === blocks - 1) words[15] = text.length * 8;
        for (let n = 16; n < 64; n++) {
          const [x, y] = [words[n - 15], words[n - 2]];
          const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
          const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
          words[n] = words[n - 16] + s0 + words[n - 7] + s1;
        }
        let [a, b, c, d, e, f, g, h] = state;
        for (let n = 0; n < 64; n++) {
          const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
          const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[n] + words[n]) | 0;
          const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
          h = g;
          g = f;
          f = e;
          e = (d + t1) | 0;
          d = c;
          c = b;
          b = a;
          a = (t1 + s0 + ((b & c) ^ (b & d) ^ (c & d))) | 0;
        }
        [a, b, c, d, e, f, g, h].forEach((it, n) => (state[n] += it));
      }
      return state[0];
    };

    for (let n = from; n < from + count; n++) if (Math.clz32(hash(`${token}:${n}`)) >= bits) return n;
  }

  // The way back

  /** Where a plain send was led back to this page, what was typed and what is wrong with it stands under a token, for once. */
  async function showProblemsOfLastTime() {
    const here = new URL(location.href);
    const token = here.searchParams.get("formstead");
    if (!token) return;
    here.searchParams.delete("formstead");
    history.replaceState(history.state, "", here);
    for (const form of document.forms) {
      try {
        const path = pathOf(new URL(call(form, "getAttribute", "action"), document.baseURI));
        if (!path) continue;
        const { values, message, problems } = await asked(`${path}/drafts/${encodeURIComponent(token)}`);
        fill(form, values);
        return complain(form, message, problems);
      } catch {
        // The form leads nowhere, or it is another form's, or it has been shown.
      }
    }
  }

  /** Puts what was typed back: strings by name, in order. */
  function fill(form, values) {
    const left = new Map(Object.entries(values).map(([name, texts]) => [name, [...texts]]));
    for (const control of controlsOf(form)) {
      const texts = left.get(control.name) ?? [];
      if (control.options) for (const it of control.options) it.selected = texts.includes(it.value);
      else if (/^(checkbox|radio)$/.test(control.type)) control.checked = texts.includes(control.value);
      else if (!/^(file|hidden|submit|button|reset|fieldset|output)$/.test(control.type))
        control.value = texts.shift() ?? control.value;
    }
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
    later(10_000).then(release);
  }

  // The answer is a page

  /** Shows the page that answered instead of the one here: also its head line may say something else, as after signing out. */
  function showPage(form, text, typed) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const [old, fresh] = [document, page].map((it) => it.querySelector("main"));
    if (!fresh) return complain(form, words.broken);
    const action = (it) => call(it, "getAttribute", "action");
    const twins = (part) => [...part.querySelectorAll("form")].filter((it) => action(it) === action(form));
    const again = twins(fresh)[twins(old).indexOf(form)];
    if (again) carry(form, again, typed);
    document.title = page.title;
    const first = fresh.querySelector("[autofocus]") ?? fresh.querySelector('[aria-invalid="true"]') ?? fresh;
    first.autofocus = false;
    document.body.replaceWith(page.body);
    focus(first);
  }

  /** What was typed while the answer was on its way, and the chosen files that the server has not kept. */
  function carry(form, again, typed) {
    const seen = Object.create(null);
    for (const control of controlsOf(form)) {
      const { name } = control;
      const at = (seen[name] = (seen[name] ?? -1) + 1);
      const twin = controlsOf(again).filter((it) => it.name === name)[at];
      if (!name || twin?.type !== control.type) continue;
      const isKept = control.type !== "file" || twin.closest(".field")?.querySelector('[name="_draft_remove"]');
      if (isKept && held(control) === typed.get(control)) continue;
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
    HTMLFormElement.prototype.reset.call(form);
    if (call(form, "contains", done)) call(form, "replaceChildren", done);
    else if (!own) call(form, "replaceWith", done);
    else if (!own.showModal) call(form, "remove");
    show(done, true);
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
    if (own) show(own, true);
    else {
      notice.append(element("p", {}, list.firstChild ? words.problems : message));
      if (list.firstChild) notice.append(list);
      call(call(form, "closest", "main") || !ours ? form : document.querySelector("main"), "prepend", notice);
    }
    undo.push(() => (own ? show(own, false) : notice.remove()));
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

  /** Shows an element of the page's own, or hides it. */
  function show(own, shown) {
    own.hidden = !shown;
    if (own.open === !shown) shown ? own.showModal() : own.close();
  }

  /** What is at a path of ours, as JSON. Rejects where nothing is. */
  async function asked(path) {
    const answer = await fetch(home + path);
    if (!answer.ok) throw answer;
    return answer.json();
  }

  function later(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
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
