// The reports: a list, and the one that is open, as HTML that Python has already escaped.
const FILTERS = ["province", "kind", "role", "check"];
let reports = null;  // unpacked when the view is first opened
Object.assign(state, { shown: [], current: null, hidden: new Set() });

async function loadReports() {
  if (reports) return;
  reports = await unpacked("reports-data");
  speakReports();
}

const decode = (html) => html.replace(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const haystack = (report) => (report.hay ??= fold(`${report.title}\n${report.source}\n${decode(report.text)}`));

function fillFilter(name) {
  const select = at(name);
  const chosen = select.value;
  const counts = new Map();
  for (const report of reports) for (const tag of report.tags[name] || []) counts.set(tag, (counts.get(tag) || 0) + 1);
  const options = [...counts].map(([tag, count]) => [tag, name === "province" ? tag : say(name === "check" ? "page" : name, tag), count]);
  options.sort((a, b) => collator.compare(a[1], b[1]));
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
  return element("li", {}, pressed(button, () => openReport(report)));
}

function drawReports() {
  const needle = fold(state.query.trim().replace(/\s+/g, " "));
  for (const name of FILTERS) at(name).classList.toggle("on", at(name).value !== "");
  state.shown = reports.filter((report) =>
    FILTERS.every((name) => !at(name).value || (report.tags[name] || []).includes(at(name).value)) &&
    (!needle || haystack(report).includes(needle)));
  at("list").replaceChildren(...state.shown.map((report) => (report.entry ??= entry(report))));
  const left = limits.reports < limits.documents ? ` ${told("left_out", { shown: whole(limits.reports), there: whole(limits.documents) })}` : "";
  at("count").textContent = (state.shown.length
    ? `${state.shown.length} ${say("page", "of")} ${reports.length} ${say("page", "documents")}` : say("page", "nothing")) + left;
  if (state.shown.length && !state.shown.includes(state.current)) openReport(state.shown[0]);
  else highlight();
}

function openReport(report) {
  state.current = report;
  at("report").innerHTML = `<div class="text">${report.text}</div><aside class="beside">${report.beside}</aside>`;
  markVerdicts();
  closeJudge();
  const about = [report.published, report.province].filter(Boolean).join(" · ");
  at("source").replaceChildren(documentLink(docs.id.indexOf(report.id)), about ? ` · ${about}` : "");
  at("source").title = report.id;
  at("notes").textContent = report.warnings.map((told) => told[vietnamese() ? 1 : 0]).join("; ");
  at("notes").hidden = !report.warnings.length;
  document.querySelector("#list [aria-current]")?.removeAttribute("aria-current");
  report.entry?.firstChild.setAttribute("aria-current", "true");
  report.entry?.scrollIntoView({ block: "nearest" });
  at("pane").scrollTop = 0;
  document.title = `${report.title} · trichluc`;
  if (state.view === "reports") history.replaceState(null, "", address());
  highlight();
}

// Where an undertaking is told; a report that the page does not hold is said so.
async function openMention(row) {
  const place = rows.doc[row];
  const opened = await openDocument(docs.id[place]);
  if (!opened) return;
  const number = opened.numbers[rows.anchor[row]];
  const mark = [...at("report").querySelectorAll(`.text mark.projects[data-p="${number}"]`)][0];
  mark?.focus({ focusVisible: true });
  mark?.scrollIntoView({ block: "center" });
}

async function openDocument(id) {
  await loadReports();
  const found = reports.find((report) => report.id === id);
  if (!found) { explainMissing(id); return null; }
  state.query = "";
  at("search").value = "";
  for (const name of FILTERS) at(name).value = "";
  state.current = found;
  await go("reports");
  openReport(found);
  return found;
}

function explainMissing(id) {
  const place = docs.id.indexOf(id);
  at("keys").replaceChildren(element("h2", {}, docs.title[place] ?? ""), element("p", {}, told("not_on_page", { id })), element("p", {}, documentLink(place)), closer());
  at("keys").showModal();
}

function highlight() {
  if (!window.Highlight || !CSS.highlights) return;
  CSS.highlights.delete("found");
  const needle = fold(state.query.trim().replace(/\s+/g, " "));
  if (needle.length < 2 || !state.current) return;
  const ranges = [];
  for (const paragraph of at("report").querySelectorAll(".text p, .text td, .text th")) {
    const nodes = [];
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let offset = 0; walker.nextNode(); offset += walker.currentNode.length) nodes.push([offset, walker.currentNode]);
    const text = Array.from(paragraph.textContent, (char) => { const plain = fold(char); return plain.length === char.length ? plain : char; }).join("");
    const place = (position, inclusive) => {
      const [offset, node] = nodes.findLast(([start]) => (inclusive ? start <= position : start < position));
      return [node, position - offset];
    };
    for (let found = text.indexOf(needle); found >= 0; found = text.indexOf(needle, found + needle.length)) {
      const range = new Range();
      range.setStart(...place(found, true));
      range.setEnd(...place(found + needle.length, false));
      ranges.push(range);
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function speakReports() {
  at("report").dataset.lang = state.language;
  FILTERS.forEach(fillFilter);
  at("layers").replaceChildren(...LAYERS.map((layer, index) => {
    const button = element("button", { type: "button", class: layer, title: told("key_of_layer", { key: index + 1 }), "aria-pressed": String(!state.hidden.has(layer)) },
      say("table", layer), element("kbd", { "aria-hidden": "true" }, String(index + 1)));
    return pressed(button, () => toggle(layer));
  }));
  for (const report of reports) delete report.entry;
}

function toggle(layer) {
  if (!state.hidden.delete(layer)) state.hidden.add(layer);
  at("report").dataset.hide = [...state.hidden].join(" ");
  at("layers").querySelector(`.${layer}`).setAttribute("aria-pressed", String(!state.hidden.has(layer)));
}

function step(by) {
  const next = state.shown[state.shown.indexOf(state.current) + by];
  if (next) openReport(next);
}

function stepFact(by) {
  const marks = [...at("report").querySelectorAll(".text mark")].filter((mark) => !LAYERS.some((l) => state.hidden.has(l) && mark.classList.contains(l)));
  const here = marks.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? marks[0] : marks.at(-1)) : marks[here + by];
  next?.focus({ focusVisible: true });
  next?.scrollIntoView({ block: "nearest" });
}
