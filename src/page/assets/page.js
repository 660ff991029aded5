// Live updates, keys, actions in place. Everything here has a link or a form that works without it.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

document.documentElement.classList.add("js");
$("#show-keys").hidden = false;

// -- Live updates ---------------------------------------------------------------------------------

const connection = $("#connection");
let source = null;
let seen = "";
let retry = 0;

const showConnection = (state, text) => {
  connection.className = "connection " + state;
  if (connection.textContent !== text) connection.textContent = text;
};

/** Puts a fragment in the place of the one before it; what is open, selected or focused stays so. */
const replace = (old, fresh) => {
  const wasOpen = $$("details", old).map((details) => details.open);
  $$("details", fresh).forEach((details, n) => { details.open = wasOpen[n] ?? details.open; });
  for (const name of ["selected", "marked"]) fresh.classList.toggle(name, old.classList.contains(name));
  const focusable = "a, button, input, select, textarea, summary";
  const focused = $$(focusable, old).indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (focused >= 0) $$(focusable, fresh)[focused]?.focus({ preventScroll: true });
};

/** Brings the fragments into this order, with the new ones in `html`. */
const patch = (container, { order, html }) => {
  const known = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const parse = document.createElement("template");
  let after = null;
  for (const key of order) {
    let element = known.get(key);
    if (Object.hasOwn(html, key)) {
      parse.innerHTML = html[key];
      const fresh = parse.content.firstElementChild;
      if (element) replace(element, fresh);
      element = fresh;
    }
    known.delete(key);
    if (!element) continue;
    const place = after ? after.nextElementSibling : container.firstElementChild;
    if (place !== element) container.insertBefore(element, place);
    after = element;
  }
  for (const gone of known.values()) gone.remove();
};

const connect = () => {
  const container = $("[data-live]");
  if (!container || document.hidden) return;
  disconnect();
  seen ||= container.dataset.live;
  const query = new URLSearchParams(location.search);
  query.set("seen", seen);
  const own = new EventSource(`/live${location.pathname}?${query}`);
  source = own;
  own.onopen = () => { retry = 0; showConnection("live", "Live"); };
  own.onmessage = (event) => {
    if (own !== source) return;
    seen = event.lastEventId;
    patch(container, JSON.parse(event.data));
  };
  own.onerror = () => {
    if (own !== source) return;
    showConnection("lost", "Reconnecting …");
    // The browser comes back by itself after a broken connection, but not after a refusal.
    if (own.readyState === EventSource.CLOSED) {
      disconnect();
      retry = Math.min(retry + 1, 5);
      setTimeout(connect, retry * 1000);
    }
  };
};

const disconnect = () => { source?.close(); source = null; };

// A hidden page needs no connection: browsers have only six for all pages of a host.
document.addEventListener("visibilitychange", () => document.hidden ? disconnect() : connect());
addEventListener("pagehide", disconnect);
addEventListener("pageshow", () => { if (!source) connect(); });

// -- Messages ---------------------------------------------------------------------------------------

const toast = $("#toast");
let toastTimer = 0;
const say = (text) => {
  toast.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { toast.textContent = ""; }, 4000);
};

// -- Filters ----------------------------------------------------------------------------------------

const filter = $("#filter");

/** Shows the list with the filters of the form, in place; the URL says which. */
const applyFilter = () => {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(filter)) if (value.trim()) query.set(name, value.trim());
  const url = location.pathname + (query.size ? `?${query}` : "");
  if (url === location.pathname + location.search) return;
  history.replaceState(null, "", url);
  seen = "none";
  connect();
};

if (filter) {
  let timer = 0;
  filter.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(applyFilter, 200); });
  filter.addEventListener("submit", (event) => { event.preventDefault(); applyFilter(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-clear]")) return;
    event.preventDefault();
    for (const field of filter.elements) if (field.name) field.value = "";
    applyFilter();
  });
}

// -- Actions ----------------------------------------------------------------------------------------

/** Posts a form. Its result is live where it leads to; a retry is live in its row here, too. */
const post = async (url, body, button) => {
  if (button) button.disabled = true;
  try {
    const response = await fetch(url, { method: "POST", body });
    const page = new URL(response.url);
    if (!response.ok) {
      const problem = new DOMParser().parseFromString(await response.text(), "text/html");
      const shown = $(".problem", problem);
      if (!shown) return say(`That did not work: ${response.status}`);
      $$("main > .problem").forEach((old) => old.remove());
      $("main").prepend(document.adoptNode(shown));
      return shown.scrollIntoView({ block: "nearest" });
    }
    $$("main > .problem").forEach((old) => old.remove());
    if (page.pathname === location.pathname || url.endsWith("/retry")) say("");
    else location.assign(page.pathname + page.search);
  } catch {
    say("pgwh is not running");
  } finally {
    if (button) button.disabled = false;
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-action]") || event.defaultPrevented) return;
  event.preventDefault();
  form.closest("details.menu")?.removeAttribute("open");
  say("Sending …");
  post(form.action, new URLSearchParams(new FormData(form)), event.submitter);
});

const copy = async (url) => {
  try {
    const response = await fetch(url);
    if (!response.ok) return say("There is nothing to copy");
    await navigator.clipboard.writeText(await response.text());
    say("Copied");
  } catch {
    location.assign(url);
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-copy]");
  if (link) {
    event.preventDefault();
    copy(link.href);
  }
  // One menu at a time.
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// JSON is checked as it is typed.
const json = $("[data-json]");
if (json) {
  const state = $("#body-state");
  const hint = state.textContent;
  const check = () => {
    let problem = "";
    try { JSON.parse(json.value); } catch (error) { problem = error.message; }
    state.textContent = problem ? `Not JSON yet: ${problem}` : hint;
    state.classList.toggle("bad", problem !== "");
    json.setAttribute("aria-invalid", String(problem !== ""));
  };
  json.addEventListener("input", check);
  check();
}

// -- Keys -------------------------------------------------------------------------------------------

const rows = () => $$("tr[data-href]");
const selected = () => $("tr.selected") ?? $(".actions[data-href]");

const select = (row) => {
  $$("tr.selected").forEach((other) => other.classList.remove("selected"));
  if (!row) return;
  row.classList.add("selected");
  $("a", row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

const move = (step) => {
  const all = rows();
  const at = all.findIndex((row) => row.classList.contains("selected"));
  select(all[Math.max(0, Math.min(all.length - 1, at + step))]);
};

const mark = (row) => {
  const id = (row.dataset.href.includes("/received/") ? "r" : "") + row.dataset.href.split("/").pop();
  const other = $("tr.marked");
  if (!row.matches("tr")) return;
  if (!other) return row.classList.add("marked"), say("Marked; d on another one shows the difference");
  if (other === row) return row.classList.remove("marked");
  const first = (other.dataset.href.includes("/received/") ? "r" : "") + other.dataset.href.split("/").pop();
  location.assign(`/diff?a=${first}&b=${id}`);
};

const back = () => {
  const open = $("details.menu[open]");
  if (open) return open.removeAttribute("open");
  const link = $("[data-back]");
  if (link) location.assign(link.href);
  else select(null);
};

const keys = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => rows().length && move(1),
  ArrowUp: () => rows().length && move(-1),
  Enter: () => $("tr.selected") && location.assign($("tr.selected").dataset.href),
  Escape: back,
  r: () => {
    const target = selected();
    if (!target?.dataset.href.startsWith("/requests/")) return;
    say("Sending …");
    post(`${target.dataset.href}/retry`, new URLSearchParams({ id: target.dataset.id }));
  },
  e: () => selected()?.dataset.edit && location.assign(selected().dataset.edit),
  c: () => selected() && copy(`${selected().dataset.href}/curl`),
  d: () => $("tr.selected") && mark($("tr.selected")),
  "/": () => $("[data-filter]")?.focus(),
  "?": () => $("#keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || $("dialog[open]")) return;
  const field = event.target.closest?.("input, select, textarea");
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  const isControl = event.target.closest?.("a, button, summary");
  if (event.key === "Enter" && isControl && !event.target.closest("tr[data-href]")) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("tr[data-href]");
  if (row && !event.target.closest("a, button") && !getSelection().toString()) location.assign(row.dataset.href);
});
$("#show-keys").addEventListener("click", () => $("#keys").showModal());

connect();
