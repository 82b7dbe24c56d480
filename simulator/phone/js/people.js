// The list of customers: search, rows that follow what happens, the form for a new one.

import { api } from "./api.js";
import { h, icon, iconButton, fillWith } from "./dom.js";
import { t, knows } from "./texts.js";
import { get, on, set } from "./state.js";
import { calm } from "./live.js";
import { avatar, plain, whenShort } from "./words.js";
import { hold } from "./conversation.js";
import { themeButton } from "./bar.js";

let cursor = null;
let asked = 0;

/** Reads the first page again; pages further down that were loaded stay. */
export async function refreshPeople() {
  asked += 1;
  const turn = asked;
  const query = get("query");
  try {
    const page = await api.persons(query);
    if (turn !== asked) return;
    const known = new Set(page.data.map((person) => person.id));
    const rest = (get("people") ?? []).filter((person) => !known.has(person.id) && get("peopleQuery") === query);
    if (rest.length === 0) cursor = page.next_cursor;
    set({ people: sorted([...page.data, ...rest]), peopleQuery: query });
  } catch {
    if (get("people") === null) set({ people: [] });
  }
}

/** The same, soon and not too often. */
export const refreshPeopleSoon = calm(refreshPeople, 250);

function sorted(people) {
  return people.toSorted((a, b) => (b.last_message?.at_us ?? 0) - (a.last_message?.at_us ?? 0));
}

async function loadMore() {
  if (!cursor) return;
  const from = cursor;
  cursor = null;
  const page = await api.persons(get("query"), from).catch(() => null);
  if (!page) return;
  cursor = page.next_cursor;
  const known = new Set(get("people").map((person) => person.id));
  set({ people: [...get("people"), ...page.data.filter((person) => !known.has(person.id))] });
}

function lastWords({ last_message: last }) {
  if (!last) return t("people.nothing");
  const text = plain(last.text ?? "") || (knows(`kind.${last.type}`) ? t(`kind.${last.type}`) : "");
  return last.direction === "from_person" ? t("people.you", { text }) : text;
}

function row(person) {
  const now = get("clock")?.now_us ?? Date.now() * 1000;
  const unread = person.id === get("person") ? 0 : person.unread;
  const url = new URL(location.href);
  url.searchParams.set("person", person.id);
  const go = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    hold(person.id);
  };
  return h(
    "li",
    null,
    h(
      "a",
      { class: unread ? "person has-unread" : "person", href: `${url.pathname}${url.search}`, "aria-current": person.id === get("person") ? "true" : null, onclick: go },
      avatar(person),
      h("span", { class: "middle" }, h("span", { class: "name", dir: "auto" }, person.name), h("span", { class: "last", dir: "auto" }, lastWords(person))),
      h("span", { class: "end figures" }, person.last_message && h("time", null, whenShort(person.last_message.at_us, now)), unread > 0 && h("span", { class: "unread", role: "img", "aria-label": t("people.unread", { count: unread }) }, unread)),
    ),
  );
}

/** Fills the column. */
export function peopleColumn(column) {
  const list = h("ul", { class: "people-list", "aria-label": t("people.list"), tabindex: "-1" });
  const search = h("input", { class: "field", type: "search", placeholder: t("people.search"), "aria-label": t("people.search"), oninput: () => {
    set({ query: search.value.trim() });
    refreshPeopleSoon();
  } });
  const add = iconButton("person-plus", t("people.new"), () => openCreate());
  const tools = iconButton("panel", t("bar.panel"), () => set({ panelOpen: true }), { class: "icon-button only-small" });
  column.setAttribute("aria-label", t("people.title"));
  fillWith(column, h("div", { class: "people-head" }, h("div", { class: "people-title" }, h("h2", null, t("people.title")), themeButton("only-small"), tools, add), h("div", { class: "search" }, icon("search"), search)), list);
  list.addEventListener("scroll", () => list.scrollHeight - list.scrollTop - list.clientHeight < 300 && loadMore(), { passive: true });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...list.querySelectorAll("a")];
    const next = links[links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    next?.focus();
    event.preventDefault();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") list.querySelector("a")?.focus();
    if (event.key === "Enter") list.querySelector("a")?.click();
  });
  on(["people", "person"], () => {
    const people = get("people");
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    if (people === null) return fillWith(list, Array.from({ length: 8 }, () => h("li", { class: "skeleton-row", "aria-hidden": "true" }, h("i"), h("b"))));
    if (people.length === 0) return fillWith(list, h("li", { class: "people-empty" }, nobody()));
    fillWith(list, people.map(row));
    if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    return undefined;
  });
}

function nobody() {
  const query = get("query");
  const words = query ? t("people.none", { query }) : t("people.empty");
  return [words, h("button", { type: "button", class: "button", onclick: () => openCreate(query) }, icon("person-plus"), query ? t("people.create", { query }) : t("people.new"))];
}

/** The form for a new customer. */
function openCreate(start = "") {
  const isPhone = /^\+?[\d\s()-]{5,}$/u.test(start);
  const name = h("input", { class: "field", name: "name", autocomplete: "off", dir: "auto", value: isPhone ? "" : start });
  const phone = h("input", { class: "field", name: "phone", type: "tel", autocomplete: "off", placeholder: "+91 98765 43210", value: isPhone ? start : "" });
  const error = h("p", { class: "error", role: "alert" });
  const dialog = h("dialog", { class: "dialog", "aria-label": t("people.form.title") });
  const submit = async (event) => {
    event.preventDefault();
    const digits = phone.value.replace(/[\s()-]/gu, "");
    const fault = !name.value.trim() ? "people.form.name.bad" : /^\+\d{8,15}$/u.test(digits) ? null : "people.form.phone.bad";
    error.textContent = fault ? t(fault) : "";
    if (fault) return (fault.includes("name") ? name : phone).focus();
    try {
      const person = await api.createPerson(name.value.trim(), digits);
      dialog.close();
      set({ query: "" });
      document.querySelector("#people input[type=search]").value = "";
      refreshPeople();
      hold(person.id);
    } catch (failure) {
      error.textContent = failure.message;
    }
    return undefined;
  };
  const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("composer.cancel"));
  dialog.append(h("h2", null, t("people.form.title")), h("form", { onsubmit: submit, novalidate: true }, h("label", null, t("people.form.name"), name), h("label", null, t("people.form.phone"), phone, h("small", null, t("people.form.phone.help"))), error, h("footer", null, cancel, h("button", { class: "button primary" }, t("people.form.save")))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
