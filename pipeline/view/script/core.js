// What all views share: data, words, numbers, folding, addresses.
const at = (id) => document.getElementById(id);
const state = { language: document.body.dataset.lang, view: "overview", regime: "legacy", metric: "support", filters: {}, query: "" };
const LAYERS = ["projects", "amounts", "beneficiaries", "locations"];
const FACETS = ["province", "year", "programme", "kind", "receiver_kind", "role", "trust"];

// The page holds its data deflated; only browsers older than 2023 lack DecompressionStream.
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(at(id).textContent.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const { tables, words, outlines, limits } = await unpacked("data");
const rows = tables.undertakings;
const size = rows.title.length;

const vietnamese = () => state.language === "vi";
const say = (group, key) => (words[group]?.[key] ?? [String(key).replaceAll("_", " "), String(key).replaceAll("_", " ")])[vietnamese() ? 1 : 0];
const told = (key, values) => say("page", key).replace(/\{(\w+)\}/g, (_, name) => values[name]);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function pressed(node, act) {
  node.addEventListener("click", act);
  if (node.tagName !== "BUTTON") node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(event); } });
  return node;
}

// Searching ignores case and marks: "hoa binh" finds "Hòa Bình".
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
const collator = new Intl.Collator("vi", { numeric: true });

// Whole numbers are printed with dots, as in Vietnam; money on axes in words: 1,2 nghìn tỷ.
const whole = (value) => (value === null || value === undefined ? "" : Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, "."));
const SIZES = [[1e12, "nghìn tỷ", "trillion"], [1e9, "tỷ", "billion"], [1e6, "triệu", "million"], [1e3, "nghìn", "thousand"]];
function inWords(value) {
  const [scale, vi, en] = SIZES.find(([least]) => Math.abs(value) >= least) ?? [1, "", ""];
  const digits = value / scale >= 100 ? 0 : value / scale >= 10 ? 1 : 2;
  const figure = (Math.round((value * 10 ** digits) / scale) / 10 ** digits).toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return vietnamese() ? `${figure.replace(".", ",")} ${vi}`.trim() : `${figure} ${en}`.trim();
}
const METRICS = ["support", "total", "count", "n_beneficiaries"];
const isMoney = (metric) => metric === "support" || metric === "total";
const unit = () => (vietnamese() ? "đồng" : "VND");
const figure = (metric, value) => (isMoney(metric) ? `${inWords(value)} ${unit()}` : whole(value));
const onAxis = (metric, value) => (isMoney(metric) ? inWords(value) : whole(value));

const shared = (column, row) => { const place = column.rows[row]; return place < 0 ? null : column.words[place]; };
const provinceOf = (row) => shared(state.regime === "legacy" ? rows.province : rows.current, row);
const provinceName = (code) => tables.provinces[state.regime][code] ?? code ?? "";
const documentDate = (place) => (place === null ? null : tables.documents.published[place]);
const printedDate = (day) => (day ? day.split("-").reverse().join("/") : "");

const OF_FACET = {
  province: provinceOf,
  year: (row) => rows.year[row],
  programme: (row) => shared(rows.programme, row),
  kind: (row) => shared(rows.kind, row),
  receiver_kind: (row) => shared(rows.receiver_kind, row),
  role: (row) => shared(rows.roles, row),
  trust: (row) => shared(rows.trust, row),
};
const NONE = "-";
function nameOf(facet, value) {
  if (value === null || value === NONE) return say("page", "not_told");
  if (facet === "province") return provinceName(value);
  return facet === "year" ? String(value) : facet === "trust" ? say("trust", value) : say(facet === "receiver_kind" ? "kind" : facet, value);
}

// What is searched, folded: made in idle moments, a piece at a time, and the rest of it at the first search.
const haystacks = [];
function foldRows(until = size) {
  for (let row = haystacks.length; row < until; row++) haystacks.push(fold(`${rows.title[row]} ${rows.receivers[row] ?? ""} ${rows.places[row] ?? ""}`));
}
function foldIdly() {
  if (haystacks.length < size) (window.requestIdleCallback ?? setTimeout)(() => { foldRows(Math.min(size, haystacks.length + 2000)); foldIdly(); });
}

function matches(row, facets, needle) {
  for (const facet of facets) {
    const wanted = state.filters[facet], value = OF_FACET[facet](row);
    if (facet === "role" ? !(value ?? "").split(" ").includes(wanted) : String(value ?? NONE) !== wanted) return false;
  }
  return !needle || haystacks[row].includes(needle);
}

// The rows that the filters leave; `without` names a facet that does not count (for its own chart).
function filtered(without = null) {
  const needle = fold(state.query.trim().replace(/\s+/g, " "));
  if (needle) foldRows();
  const facets = FACETS.filter((facet) => facet !== without && state.filters[facet]);
  const found = [];
  for (let row = 0; row < size; row++) if (matches(row, facets, needle)) found.push(row);
  return found;
}

// What a row adds to a total: nothing for the parts of a group, which count with it.
function worth(metric, row) {
  if (metric === "count") return rows.is_part[row] ? 0 : rows.n_projects[row];
  return (metric === "n_beneficiaries" ? rows.once_n_beneficiaries[row] : rows[`once_${metric}_vnd`][row]) ?? 0;
}

function address() {
  const query = new URLSearchParams();
  if (state.query) query.set("q", state.query);
  for (const facet of FACETS) if (state.filters[facet]) query.set(facet, state.filters[facet]);
  if (state.regime !== "legacy") query.set("regime", state.regime);
  if (state.metric !== "support") query.set("metric", state.metric);
  const told = query.toString();
  const doc = state.view === "reports" && state.current ? `/${state.current.id}` : "";
  return `#${state.view}${doc}${told ? `?${told}` : ""}`;
}

function download(name, parts, type) {
  const link = element("a", { href: URL.createObjectURL(new Blob(parts, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
