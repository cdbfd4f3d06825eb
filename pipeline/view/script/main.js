// Which view is shown, its language, keys and addresses.
const VIEWS = ["overview", "undertakings", "reports", "documents", "rejects"];

function closer() {
  return pressed(element("button", { type: "button" }, say("page", "close")), () => at("keys").close());
}

async function go(view) {
  state.view = view;
  await show();
}

async function show() {
  for (const view of VIEWS) at(view).hidden = view !== state.view;
  for (const tab of at("tabs").children) tab.setAttribute("aria-current", tab.dataset.view === state.view ? "page" : "false");
  document.body.dataset.view = state.view;
  const sought = say("page", `search_${{ reports: "texts", documents: "lists", rejects: "lists" }[state.view] ?? "undertakings"}`);
  at("search").placeholder = `${sought}  ( / )`;
  at("search").setAttribute("aria-label", sought);
  if (state.view === "reports") {
    await loadReports();
    drawReports();
    if (state.current) openReport(state.current);
  } else refresh();
}

function refresh() {
  history.replaceState(null, "", address());
  drawChips();
  if (state.view === "reports") { if (reports) drawReports(); return; }
  document.title = `${say("page", `view_${state.view}`)} · trichluc`;
  keepFocus(() => (state.view === "overview" ? drawOverview() : drawList(state.view)));
}

// What is drawn anew keeps the focus on the mark or head that had it: who works by keyboard stays where they are.
function keepFocus(draw) {
  const had = document.activeElement, scope = had?.dataset.key === undefined ? null : had.closest(".panel, .switch, .head");
  const selector = scope && `#${state.view} .${[...scope.classList].join(".")} [data-key="${CSS.escape(had.dataset.key)}"]`;
  draw();
  if (selector && !had.isConnected) document.querySelector(selector)?.focus({ preventScroll: true });
}

function drawChips() {
  const chosen = ["overview", "undertakings"].includes(state.view) ? FACETS.filter((facet) => state.filters[facet]) : [];
  const chips = chosen.map((facet) => pressed(element("button", { type: "button", "aria-label": `${say("page", "remove")} ${nameOf(facet, state.filters[facet])}` },
    nameOf(facet, state.filters[facet]), " ×"), () => { delete state.filters[facet]; refresh(); }));
  at("chips").replaceChildren(...chips);
}

function speak() {
  document.documentElement.lang = state.language;
  document.body.dataset.lang = state.language;
  at("language").textContent = vietnamese() ? "English" : "Tiếng Việt";
  at("help").title = say("page", "keys");
  at("help").setAttribute("aria-label", say("page", "keys"));
  at("tabs").setAttribute("aria-label", say("page", "views"));
  at("tabs").replaceChildren(...VIEWS.filter((view) => view !== "rejects" || tables.rejects.source.length).map((view) =>
    pressed(element("button", { type: "button", "data-view": view, "aria-current": "false" }, say("page", `view_${view}`)), () => go(view))));
  const keys = [["j k  ↓ ↑", "key_next"], ["n p", "key_fact"], ["/", "key_search"], ["1 2 3 4", "key_layers"], ["o u r", "key_views"], ["Esc", "key_clear"]];
  at("keys").replaceChildren(element("h2", {}, say("page", "keys")),
    element("table", {}, ...keys.map(([key, text]) => element("tr", {}, element("td", {}, element("kbd", {}, key)), element("td", {}, say("page", text))))), closer());
  for (const name of Object.keys(grids)) delete grids[name];
  if (reports) speakReports();
  drawSaver();
}

function clear() {
  state.query = at("search").value = "";
  state.filters = {};
  for (const name of FILTERS) at(name).value = "";
  closeJudge();
  document.activeElement?.blur();
  refresh();
}

// The list of columns closes by Escape and by a click beside it; true where one was open.
function closeChoosers(besides = null) {
  const open = [...document.querySelectorAll(".chooser[open]")].filter((chooser) => !chooser.contains(besides));
  for (const chooser of open) {
    if (chooser.contains(document.activeElement)) chooser.querySelector("summary").focus();
    chooser.open = false;
  }
  return open.length > 0;
}
document.addEventListener("click", (event) => closeChoosers(event.target));

const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), n: () => stepFact(1), p: () => stepFact(-1),
};
const EVERYWHERE = { "/": () => at("search").select(), "?": () => at("keys").showModal(), o: () => go("overview"), u: () => go("undertakings"), r: () => go("reports") };
LAYERS.forEach((layer, index) => { KEYS[index + 1] = () => toggle(layer); });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
  if (event.key === "Escape") { if (!closeChoosers()) clear(); return; }
  if (event.target.matches("input, select, textarea")) {
    if (event.target === at("search") && (event.key === "ArrowDown" || event.key === "Enter")) { event.target.blur(); event.preventDefault(); }
    return;
  }
  if (state.view === "reports" && event.key === "Enter" && event.target.matches("mark[data-f]")) { openJudge(event.target); event.preventDefault(); return; }
  const act = EVERYWHERE[event.key] ?? (state.view === "reports" ? KEYS[event.key] : null);
  if (act) { act(); event.preventDefault(); }
});
let waiting;
at("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => { state.query = at("search").value; refresh(); }, 80); });
FILTERS.forEach((name) => at(name).addEventListener("change", refresh));
at("language").addEventListener("click", () => { state.language = vietnamese() ? "en" : "vi"; speak(); show(); });
at("help").addEventListener("click", () => { speak(); show(); at("keys").showModal(); });
at("toggle-list").addEventListener("click", () => { const open = document.body.classList.toggle("list-open"); at("toggle-list").setAttribute("aria-expanded", String(open)); });
at("save-verdicts").addEventListener("click", saveVerdicts);
at("report").addEventListener("click", (event) => { const mark = event.target.closest("mark[data-f]"); if (mark && getSelection().isCollapsed) openJudge(mark); });
at("report").addEventListener("mouseup", () => setTimeout(offerMissed, 0));

async function follow() {
  const [, view, doc, query] = location.hash.match(/^#(\w+)(?:\/([^?]+))?(?:\?(.*))?$/) ?? [];
  const told = new URLSearchParams(query ?? "");
  state.view = VIEWS.includes(view) ? view : "overview";
  state.query = at("search").value = told.get("q") ?? "";
  state.regime = told.get("regime") === "current" ? "current" : "legacy";
  state.metric = METRICS.includes(told.get("metric")) ? told.get("metric") : "support";
  state.filters = Object.fromEntries(FACETS.filter((facet) => told.get(facet)).map((facet) => [facet, told.get(facet)]));
  if (state.view === "reports") { await loadReports(); state.current = reports.find((report) => report.id === doc) ?? state.current; }
  await show();
}
window.addEventListener("hashchange", follow);

speak();
if (limits.alone) location.replace(`#reports/${limits.alone}`);
await follow();
foldIdly();
performance.mark("ready");
document.body.dataset.ready = "yes";
