"use strict";
// The page holds every report as HTML that Python has already escaped; this script only chooses, filters and moves.
(() => {
  const { reports, words } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const LAYERS = ["projects", "amounts", "beneficiaries", "locations"];
  const FILTERS = ["province", "kind", "role", "check"];
  const state = { language: document.body.dataset.lang, shown: [], current: null, hidden: new Set(), needle: "" };
  const say = (group, key) => (words[group][key] || [key, key])[state.language === "vi" ? 1 : 0];

  // Searching ignores case and marks: "hoa binh" finds "Hòa Bình". One character stays one character, so that places agree.
  const folded = new Map();
  const fold = (text) => Array.from(text, (char) => {
    if (!folded.has(char)) {
      const plain = char.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace("đ", "d");
      folded.set(char, plain.length === char.length ? plain : char);
    }
    return folded.get(char);
  }).join("");
  const decode = (html) => html.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const haystack = (report) => (report.hay ??= fold(`${report.title}\n${report.source}\n${decode(report.text)}`));

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function fillFilter(name) {
    const select = at(name);
    const chosen = select.value;
    const counts = new Map();
    for (const report of reports) for (const tag of report.tags[name] || []) counts.set(tag, (counts.get(tag) || 0) + 1);
    const options = [...counts].map(([tag, count]) => [tag, name === "province" ? tag : say(name === "check" ? "page" : name, tag), count]);
    options.sort((a, b) => a[1].localeCompare(b[1], "vi"));
    const everything = { province: "all_provinces", kind: "all_kinds", role: "all_roles", check: "all_checks" }[name];
    select.replaceChildren(element("option", { value: "" }, say("page", everything)),
      ...options.map(([tag, text, count]) => element("option", { value: tag }, `${text} (${count})`)));
    select.value = chosen;
    select.setAttribute("aria-label", say("page", everything));
  }

  function entry(report) {
    const dots = LAYERS.filter((layer) => report.counts[layer]).map((layer) =>
      element("span", { class: `dot ${layer}`, title: say("table", layer) }, String(report.counts[layer])));
    const button = element("button", { type: "button", "data-id": report.id },
      element("b", {}, report.title), element("small", {}, ...dots, report.source));
    button.addEventListener("click", () => open(report));
    return element("li", {}, button);
  }

  function refresh() {
    state.needle = fold(at("search").value.trim().replace(/\s+/g, " "));
    for (const name of FILTERS) at(name).classList.toggle("on", at(name).value !== "");
    state.shown = reports.filter((report) =>
      FILTERS.every((name) => !at(name).value || (report.tags[name] || []).includes(at(name).value)) &&
      (!state.needle || haystack(report).includes(state.needle)));
    at("list").replaceChildren(...state.shown.map((report) => (report.entry ??= entry(report))));
    at("count").textContent = state.shown.length
      ? `${state.shown.length} ${say("page", "of")} ${reports.length} ${say("page", "documents")}` : say("page", "nothing");
    if (state.shown.length && !state.shown.includes(state.current)) open(state.shown[0]);
    else highlight();
  }

  function open(report) {
    state.current = report;
    at("report").innerHTML = `<div class="text">${report.text}</div><aside class="beside">${report.beside}</aside>`;
    at("source").textContent = [report.source, report.published, report.province].filter(Boolean).join(" · ");
    at("source").title = report.id;
    at("notes").textContent = report.warnings.join("; ");
    at("notes").hidden = !report.warnings.length;
    document.querySelector("#list [aria-current]")?.removeAttribute("aria-current");
    report.entry?.firstChild.setAttribute("aria-current", "true");
    report.entry?.scrollIntoView({ block: "nearest" });
    document.querySelector("main").scrollTop = 0;
    document.title = `${report.title} · trichluc`;
    if (location.hash.slice(1) !== report.id) history.replaceState(null, "", `#${report.id}`);
    highlight();
  }

  function highlight() {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("found");
    if (state.needle.length < 2 || !state.current) return;
    const ranges = [];
    for (const paragraph of at("report").querySelectorAll(".text p")) {
      const nodes = [];
      const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      for (let offset = 0; walker.nextNode(); offset += walker.currentNode.length) nodes.push([offset, walker.currentNode]);
      const text = fold(paragraph.textContent);
      const place = (position, inclusive) => {
        const [offset, node] = nodes.findLast(([start]) => (inclusive ? start <= position : start < position));
        return [node, position - offset];
      };
      for (let found = text.indexOf(state.needle); found >= 0; found = text.indexOf(state.needle, found + state.needle.length)) {
        const range = new Range();
        range.setStart(...place(found, true));
        range.setEnd(...place(found + state.needle.length, false));
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function speak() {
    document.documentElement.lang = state.language;
    document.body.dataset.lang = at("report").dataset.lang = state.language;
    at("search").placeholder = `${say("page", "search")}  ( / )`;
    at("search").setAttribute("aria-label", say("page", "search"));
    at("language").textContent = state.language === "vi" ? "English" : "Tiếng Việt";
    at("help").title = say("page", "keys");
    FILTERS.forEach(fillFilter);
    at("layers").replaceChildren(...LAYERS.map((layer, index) => {
      const button = element("button", { type: "button", class: layer, "aria-pressed": String(!state.hidden.has(layer)) },
        element("kbd", {}, String(index + 1)), say("table", layer));
      button.addEventListener("click", () => toggle(layer));
      return button;
    }));
    const keys = [["j k  ↓ ↑", "key_next"], ["n p", "key_fact"], ["/", "key_search"], ["1 2 3 4", "key_layers"], ["Esc", "key_clear"]];
    const close = element("button", { type: "button" }, say("page", "close"));
    close.addEventListener("click", () => at("keys").close());
    at("keys").replaceChildren(element("h2", {}, say("page", "keys")),
      element("table", {}, ...keys.map(([key, text]) => element("tr", {}, element("td", {}, element("kbd", {}, key)), element("td", {}, say("page", text))))), close);
    for (const report of reports) delete report.entry;
    refresh();
    if (state.current) open(state.current);
  }

  function toggle(layer) {
    if (!state.hidden.delete(layer)) state.hidden.add(layer);
    at("report").dataset.hide = [...state.hidden].join(" ");
    at("layers").querySelector(`.${layer}`).setAttribute("aria-pressed", String(!state.hidden.has(layer)));
  }

  function step(by) {
    const next = state.shown[state.shown.indexOf(state.current) + by];
    if (next) open(next);
  }

  function stepFact(by) {
    const marks = [...at("report").querySelectorAll(".text mark")].filter((mark) => !LAYERS.some((l) => state.hidden.has(l) && mark.classList.contains(l)));
    const here = marks.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? marks[0] : marks.at(-1)) : marks[here + by];
    next?.focus({ focusVisible: true });
    next?.scrollIntoView({ block: "nearest" });
  }

  function clear() {
    at("search").value = "";
    for (const name of FILTERS) at(name).value = "";
    document.activeElement?.blur();
    refresh();
  }

  const KEYS = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    n: () => stepFact(1), p: () => stepFact(-1), "/": () => at("search").select(), "?": () => at("keys").showModal(),
  };
  LAYERS.forEach((layer, index) => { KEYS[index + 1] = () => toggle(layer); });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    if (event.key === "Escape") { clear(); return; }
    if (event.target.matches("input, select")) {
      if (event.target === at("search") && (event.key === "ArrowDown" || event.key === "Enter")) { event.target.blur(); event.preventDefault(); }
      return;
    }
    if (KEYS[event.key]) { KEYS[event.key](); event.preventDefault(); }
  });
  let waiting;
  at("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 80); });
  FILTERS.forEach((name) => at(name).addEventListener("change", refresh));
  at("language").addEventListener("click", () => { state.language = state.language === "vi" ? "en" : "vi"; speak(); });
  at("help").addEventListener("click", () => at("keys").showModal());
  window.addEventListener("hashchange", () => { const named = reports.find((r) => r.id === location.hash.slice(1)); if (named) open(named); });

  state.current = reports.find((report) => report.id === location.hash.slice(1)) || null;
  speak();
})();
