// The three tables: undertakings, documents, rejects.
// The longest figure of a column has room: one that is cut would be another figure.
const room = (column) => `minmax(${Math.max(11, whole(rows[column].reduce((most, value) => (value > most ? value : most), 0)).length + 1)}ch, 1fr)`;
const money = (id, column) => ({ id, number: true, width: room(column), label: () => say("field", `${column}`), value: (row) => rows[column][row], text: (row) => whole(rows[column][row]) });
const grids = {};

function documentLink(place) {
  const source = tables.documents.source[place], url = tables.documents.url?.[place];
  return url && /^https?:/.test(url) ? element("a", { href: url, rel: "noreferrer noopener", target: "_blank", class: "text" }, source) : element("span", { class: "text" }, source ?? "");
}

const UNDERTAKINGS = () => [
  PICK,
  { id: "title", width: "minmax(15em, 3fr)", opens: true, label: () => say("field", "name"), value: (row) => rows.title[row] },
  { id: "kind", width: "8em", label: () => say("field", "kind"), value: (row) => nameOf("kind", shared(rows.kind, row)) },
  { id: "programme", width: "minmax(8em, 1fr)", label: () => say("field", "programme"), value: (row) => shared(rows.programme, row), text: (row) => (shared(rows.programme, row) ? nameOf("programme", shared(rows.programme, row)) : "") },
  { id: "year", number: true, width: "4.5em", label: () => say("field", "year"), value: (row) => rows.year[row], text: (row) => rows.year[row] ?? "" },
  { id: "province", width: "minmax(8em, 1fr)", label: () => say("field", "province"), value: (row) => provinceName(provinceOf(row)) },
  { id: "places", hidden: true, width: "minmax(8em, 1fr)", label: () => say("page", "places"), value: (row) => rows.places[row] },
  { id: "receivers", width: "minmax(9em, 1.4fr)", label: () => say("table", "beneficiaries"), value: (row) => rows.receivers[row] },
  { id: "n_projects", number: true, hidden: true, width: "5em", label: () => say("field", "count"), value: (row) => rows.n_projects[row], text: (row) => whole(rows.n_projects[row]) },
  { id: "n_beneficiaries", number: true, hidden: true, width: "6em", label: () => say("field", "n_beneficiaries"), value: (row) => rows.n_beneficiaries[row], text: (row) => whole(rows.n_beneficiaries[row]) },
  money("total", "total_vnd"), money("support", "support_vnd"), { ...money("counterpart", "counterpart_vnd"), hidden: true },
  { id: "part", hidden: true, width: "7em", label: () => say("field", "part_of"), value: (row) => (rows.is_part[row] ? say("page", "yes") : "") },
  { id: "n_reports", number: true, hidden: !tables.gathered, width: "5em", label: () => say("page", "documents"), value: (row) => rows.n_reports[row], text: (row) => whole(rows.n_reports[row]),
    node: (row) => (rows.members[row] ? pressed(element("button", { type: "button", class: "link", "aria-label": `${whole(rows.n_reports[row])} ${say("page", "documents")}: ${rows.title[row]}` }, whole(rows.n_reports[row])), () => showMembers(row)) : document.createTextNode(whole(rows.n_reports[row]))) },
  { id: "differs", hidden: true, width: "8em", label: () => say("trust", "differs"), value: (row) => shared(rows.differs, row) },
  { id: "trust", hidden: true, width: "8em", label: () => say("page", "trust"), value: (row) => say("trust", shared(rows.trust, row)) },
  { id: "published", hidden: true, width: "7em", label: () => say("page", "published"), sort: (row) => documentDate(rows.doc[row]), value: (row) => printedDate(documentDate(rows.doc[row])) },
  { id: "source", width: "minmax(8em, 1fr)", label: () => say("page", "source"), value: (row) => tables.documents.source[rows.doc[row]], node: (row) => documentLink(rows.doc[row]) },
];
const docs = tables.documents;
const DOCUMENTS = () => [
  { id: "title", width: "minmax(18em, 3fr)", opens: true, label: () => say("page", "title"), value: (row) => docs.title[row] },
  { id: "published", width: "7em", label: () => say("page", "published"), sort: (row) => docs.published[row], value: (row) => printedDate(docs.published[row]) },
  { id: "province", width: "minmax(8em, 1fr)", label: () => say("field", "province"), value: (row) => tables.provinces.legacy[shared(docs.province, row)] ?? "" },
  { id: "agency", width: "minmax(8em, 1fr)", label: () => say("page", "agency"), value: (row) => docs.agency?.[row] },
  { id: "number", hidden: true, width: "8em", label: () => say("page", "number"), value: (row) => docs.number?.[row] },
  { id: "projects", number: true, width: "7em", label: () => say("table", "projects"), value: (row) => docs.projects[row], text: (row) => whole(docs.projects[row]) },
  { id: "amounts", number: true, width: "6em", label: () => say("table", "amounts"), value: (row) => docs.amounts[row], text: (row) => whole(docs.amounts[row]) },
  { id: "encoding", hidden: true, width: "6em", label: () => say("page", "encoding"), value: (row) => shared(docs.encoding, row) },
  { id: "warnings", width: "minmax(8em, 1.5fr)", label: () => say("field", "warnings"), value: (row) => docs.warnings[row]?.[vietnamese() ? 1 : 0] },
  { id: "source", width: "minmax(9em, 1fr)", label: () => say("page", "source"), value: (row) => docs.source[row], node: (row) => documentLink(row) },
];
const TOLD = { stage: "stage", error: "reject" };
const REJECTS = () => ["source", "stage", "error", "message"].map((name) => ({ id: name, hidden: name === "message" && vietnamese(), width: { message: "minmax(16em, 3fr)", source: "minmax(12em, 2fr)", error: "minmax(14em, 3fr)" }[name] ?? "9em",
  label: () => say("page", name === "source" ? "source" : `reject_${name}`), value: (row) => tables.rejects[name][row], text: TOLD[name] && ((row) => say(TOLD[name], tables.rejects[name][row])) }));

const LISTS = {
  undertakings: { columns: UNDERTAKINGS, list: () => filtered(), open: (row) => openMention(row) },
  documents: { columns: DOCUMENTS, list: () => sought(docs.title, docs.source), open: (row) => openDocument(docs.id[row]) },
  rejects: { columns: REJECTS, list: () => sought(tables.rejects.source, tables.rejects.message), open: null },
};

function sought(...columns) {
  const needle = fold(state.query.trim());
  return [...columns[0].keys()].filter((row) => !needle || columns.some((column) => fold(String(column[row] ?? "")).includes(needle)));
}

function drawList(name) {
  const spec = LISTS[name], root = at(name);
  if (!grids[name]) {
    const place = element("div", { class: "grid" });
    root.replaceChildren(element("div", { class: "tools" }), place);
    grids[name] = new Grid(place, spec.columns(), spec.open, name);
  }
  const list = spec.list(), grid = grids[name];
  const there = { undertakings: size, documents: docs.id.length, rejects: tables.rejects.source.length }[name];
  const count = element("p", { class: "found", role: "status" }, told(name === "undertakings" ? "found_rows" : "found", { n: whole(list.length), there: whole(there), count: whole(list.reduce((sum, row) => sum + (name === "undertakings" ? worth("count", row) : 0), 0)) }));
  const sums = name === "undertakings" ? element("p", { class: "sums" }, ["support", "total"].map((metric) => `${say("page", `metric_${metric}`)}: ${figure(metric, list.reduce((sum, row) => sum + worth(metric, row), 0))}`).join(" · ")) : "";
  root.firstChild.replaceChildren(onPaper(), ...(name === "undertakings" ? [facetBar()] : []), count, sums, element("span", { class: "gap" }), ...(name === "undertakings" ? [joinTools()] : []), grid.chooser(), ...grid.savers(`trichluc-${name}`));
  grid.show(list);
}

// What a sheet of paper is about: the view, what it is filtered by, and of how many reports.
function onPaper() {
  const chosen = ["overview", "undertakings"].includes(state.view) ? FACETS.filter((facet) => state.filters[facet]).map((facet) => nameOf(facet, state.filters[facet])) : [];
  const search = state.query.trim() ? [`“${state.query.trim()}”`] : [];
  const about = `trichluc · ${whole(docs.id.length)} ${say("page", "documents")} · ${printedDate(new Date().toISOString().slice(0, 10))}`;
  return element("div", { class: "paper" }, element("h2", {}, [say("page", `view_${state.view}`), ...chosen, ...search].join(" · ")), element("p", {}, about));
}

function facetBar() {
  const bar = element("div", { class: "facets" });
  for (const facet of FACETS) {
    const counts = new Map();
    for (const row of filtered(facet)) {
      const value = OF_FACET[facet](row);
      for (const key of facet === "role" ? (value ?? "").split(" ").filter(Boolean) : [String(value ?? NONE)]) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const options = [...counts].map(([key, count]) => [key, nameOf(facet, key), count]);
    options.sort((a, b) => (a[0] === NONE) - (b[0] === NONE) || (facet === "year" ? Number(b[0]) - Number(a[0]) : collator.compare(a[1], b[1])));
    const select = element("select", { "data-facet": facet, "aria-label": say("page", `facet_${facet}`) }, element("option", { value: "" }, say("page", `facet_${facet}`)),
      ...options.map(([key, label, count]) => element("option", { value: key }, `${label} (${whole(count)})`)));
    select.value = state.filters[facet] ?? "";
    select.classList.toggle("on", Boolean(state.filters[facet]));
    select.addEventListener("change", () => { if (select.value) state.filters[facet] = select.value; else delete state.filters[facet]; refresh(); at("undertakings").querySelector(`[data-facet="${facet}"]`)?.focus(); });
    bar.append(select);
  }
  return bar;
}
