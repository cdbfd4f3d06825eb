// The overview: totals, a map, and bars by province, year, programme and kind of receiver.
const MOST_BARS = 12, MOST_YEARS = 12;

function totals(facet, metric, list) {
  const found = new Map();
  for (const row of list) {
    const key = String(OF_FACET[facet](row) ?? NONE);
    found.set(key, (found.get(key) ?? 0) + worth(metric, row));
  }
  return found;
}

function choose(facet, value) {
  if (state.filters[facet] === value) delete state.filters[facet];
  else state.filters[facet] = value;
  refresh();
}

function panel(name, title, ...content) {
  const more = pressed(element("button", { type: "button", class: "more" }, say("page", "show_rows")), () => go("undertakings"));
  return element("section", { class: `panel ${name}`, "aria-label": title }, element("h2", {}, title), ...content, more);
}

function ranked(facet) {
  const found = [...totals(facet, state.metric, filtered(facet))].filter(([key, value]) => value > 0 || state.filters[facet] === key);
  return found.map(([key, value]) => ({ key, value, label: nameOf(facet, key), on: state.filters[facet] === key }));
}

function rankedBars(facet) {
  const items = ranked(facet).sort((a, b) => b.value - a.value || collator.compare(a.label, b.label));
  const shown = items.slice(0, MOST_BARS), rest = items.slice(MOST_BARS).reduce((sum, item) => sum + item.value, 0);
  const note = rest > 0 ? [element("p", { class: "rest" }, told("and_more", { n: items.length - MOST_BARS, sum: figure(state.metric, rest) }))] : [];
  return [...(items.length ? bars(shown, state.metric, (key) => choose(facet, key)) : [element("p", { class: "rest" }, say("page", "nothing_there"))]), ...note];
}

function years() {
  const found = new Map(ranked("year").map((item) => [item.key, item]));
  const numbers = [...found.keys()].filter((key) => key !== NONE).map(Number).sort((a, b) => a - b);
  const items = [];
  if (numbers.length) {
    const first = Math.max(numbers[0], numbers.at(-1) - MOST_YEARS + 1);
    for (let year = first; year <= numbers.at(-1); year++) items.push(found.get(String(year)) ?? { key: String(year), label: String(year), value: 0 });
  }
  const untold = found.get(NONE);
  if (untold) items.push({ ...untold, label: "?" });
  if (items.length > 8) for (const item of items) item.short = item.label.replace(/^\d\d(?=\d\d$)/, "’");
  const early = numbers.filter((year) => items.length && year < Number(items[0].key)).map((year) => found.get(String(year)).value);
  return [...(items.length ? pillars(items, state.metric, (key) => choose("year", key)) : [element("p", { class: "rest" }, say("page", "nothing_there"))]),
    element("p", { class: "rest" }, untold ? told("without_year", { sum: figure(state.metric, untold.value) }) : "", early.length ? told("earlier_years", { n: early.length, sum: figure(state.metric, early.reduce((sum, value) => sum + value, 0)) }) : "")];
}

function tile(value, label, title) {
  return element("div", { class: "tile", title: title ?? null }, element("b", {}, value), element("span", {}, label), title ? element("small", {}, `${title} ${unit()}`) : "");
}

// A row that is a large part of a total is named, for one slip in it would be one in the total.
const HEAVY = 0.25;
function outweighing(list) {
  if (list.length < 2) return [];
  return ["support", "total"].flatMap((metric) => {
    const sum = list.reduce((total, row) => total + worth(metric, row), 0);
    const most = list.reduce((best, row) => (worth(metric, row) > worth(metric, best) ? row : best), list[0]);
    const share = worth(metric, most) / (sum || 1);
    if (share < HEAVY) return [];
    const text = told(`heavy_${metric}`, { share: Math.round(100 * share), sum: figure(metric, worth(metric, most)) });
    return [element("p", { class: "heavy" }, text, " ", pressed(element("button", { type: "button", class: "link" }, rows.title[most]), () => openMention(most)))];
  });
}

// How each figure is counted, beside figures of the tables that it may be compared with.
function how(list) {
  const printed = (column) => whole(list.filter((row) => rows[`once_${column}`][row] !== null).length);
  const lines = [told("how_count", { rows: whole(list.length) }), told("how_money", { support: printed("support_vnd"), total: printed("total_vnd") }), told("how_receivers", { rows: printed("n_beneficiaries") }), say("page", "how_missing")];
  const box = element("details", { class: "how" }, element("summary", {}, say("page", "how")), element("ul", {}, ...lines.map((line) => element("li", {}, line))));
  box.open = Boolean(state.explained);
  box.addEventListener("toggle", () => { state.explained = box.open; });
  return box;
}

function drawOverview() {
  const list = filtered();
  const sum = (metric) => list.reduce((total, row) => total + worth(metric, row), 0);
  const unread = tables.rejects.error.filter((error, row) => error === "UnreadKind" && tables.rejects.stage[row] === "discover").length;
  const documents = new Set(list.map((row) => rows.doc[row]));
  const tiles = element("div", { class: "tiles" },
    tile(whole(sum("count")), say("page", "tile_count")), tile(figure("support", sum("support")), say("page", "tile_support"), whole(sum("support"))),
    tile(figure("total", sum("total")), say("page", "tile_total"), whole(sum("total"))), tile(whole(sum("n_beneficiaries")), say("page", "tile_receivers")),
    tile(whole(documents.size), say("page", "tile_reports")),
    tables.rejects.source.length ? pressed(element("button", { type: "button", class: "tile" }, element("b", {}, whole(tables.rejects.error.length - unread)), element("span", {}, unread ? told("tile_rejects_and_unread", { n: whole(unread) }) : say("page", "tile_rejects"))), () => go("rejects")) : "");
  const switches = element("div", { class: "switches" },
    switcher("metric", METRICS, (metric) => say("page", `metric_${metric}`)), switcher("regime", ["legacy", "current"], (regime) => say("page", `regime_${regime}`)));
  const once = element("p", { class: "once" }, say("page", tables.gathered ? "once_gathered" : "once_told"),
    rows.there > size ? ` ${told("left_out", { shown: whole(size), there: whole(rows.there) })}` : "");
  const values = totals("province", state.metric, filtered("province"));
  at("overview").replaceChildren(onPaper(), tiles, ...outweighing(list), how(list), switches, once, element("div", { class: "panels" },
    panel("where", say("page", "by_place"), ...map(values, state.metric, (code) => choose("province", code))),
    panel("province", say("page", "by_province"), ...rankedBars("province")),
    panel("year", say("page", "by_year"), ...years()),
    panel("programme", say("page", "by_programme"), ...rankedBars("programme")),
    panel("receiver", say("page", "by_receiver"), ...rankedBars("receiver_kind"))));
}

function switcher(name, values, label) {
  const buttons = values.map((value) => pressed(element("button", { type: "button", "aria-pressed": String(state[name] === value), "data-key": value }, label(value)), () => {
    state[name] = value;
    if (name === "regime") delete state.filters.province;
    refresh();
  }));
  return element("div", { class: "switch", role: "group", "aria-label": say("page", name) }, ...buttons);
}
