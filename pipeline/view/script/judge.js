// Verdicts: a fact is right, wrong, no fact, or should be something else; a fact that was missed is added from the
// marked words. Kept in the browser, saved to a file for `trichluc review OUT FILE`, or sent at once to `view --serve`.
const STORE = `trichluc:${limits.key}`;
const CHOICES = { amounts: ["role", words.role], projects: ["kind", null], beneficiaries: ["kind", null], locations: null };
const KINDS = { projects: ["de_an", "du_an", "mo_hinh", "chuong_trinh", "cong_trinh", "de_tai", "ke_hoach", "goi_thau"],
  beneficiaries: ["establishment", "enterprise", "household_business", "cooperative", "household", "unit", "worker", "person", "school", "other"] };
const token = new URLSearchParams(location.search).get("token");
let verdicts = recalled();

function recalled() {
  try { return new Map(JSON.parse(localStorage.getItem(STORE) ?? "[]")); } catch { return new Map(); }
}

function keep(key, entry) {
  verdicts.set(key, entry);
  try { localStorage.setItem(STORE, JSON.stringify([...verdicts])); } catch { /* a browser that keeps nothing: the file still can be saved */ }
  if (token) fetch(`verdicts?token=${encodeURIComponent(token)}`, { method: "POST", body: JSON.stringify(entry) })
    .then(async (answer) => { if (!answer.ok) throw new Error(await answer.text()); at("judged").textContent = say("page", "saved"); })
    .catch((error) => { at("judged").textContent = `${say("page", "not_saved")} ${error.message}`; });
  drawSaver();
  markVerdicts();
}

const factOf = (mark) => JSON.parse(mark.dataset.f);
const keyOf = (fact) => [state.current.id, fact.table, fact.start, fact.end, fact.value ?? ""].join("|");
const verdictOf = (fact) => verdicts.get(keyOf(fact))?.verdict ?? fact.verdict ?? null;

function markVerdicts() {
  for (const mark of at("report").querySelectorAll("mark[data-f]")) {
    const verdict = verdictOf(factOf(mark));
    if (verdict) mark.dataset.verdict = verdict;
    else delete mark.dataset.verdict;
  }
}

function judged(fact, verdict, correction = {}) {
  const { table, start, end, text, value, ...rest } = fact;
  const report = state.current;
  const row = { doc_id: report.id, start, end, text, source: report.source, ...rest };
  if (value !== undefined) row.value = value;
  delete row.verdict;
  keep(keyOf(fact), { time: new Date().toISOString().slice(0, 19) + "+00:00", reviewer: "", table, verdict, correction, note: "", row });
}

function openJudge(mark) {
  const facts = [];
  for (let node = mark; node?.matches?.("mark[data-f]"); node = node.parentElement) {
    const fact = factOf(node), first = facts[0];
    if (!first || (fact.start === first.start && fact.end === first.end)) facts.push(fact);
  }
  at("judge").replaceChildren(...facts.map(judgeOne), pressed(element("button", { type: "button", class: "x", "aria-label": say("page", "close") }, "×"), closeJudge));
  at("judge").hidden = false;
}

function closeJudge() {
  at("judge").hidden = true;
  at("judge").replaceChildren();
}

function judgeOne(fact) {
  const now = verdictOf(fact);
  const button = (name, act) => pressed(element("button", { type: "button", "data-verdict": name, "aria-pressed": String(now === name) }, say("review", name)), () => { act(); closeJudge(); });
  const tools = [button("right", () => judged(fact, "right")), button("wrong", () => judged(fact, "wrong")), button("delete", () => judged(fact, "wrong", { delete: true }))];
  const choice = CHOICES[fact.table];
  if (choice) {
    const [column] = choice, values = column === "role" ? Object.keys(words.role) : KINDS[fact.table];
    const select = element("select", { "aria-label": say("field", column) }, ...values.map((value) => element("option", { value }, say(column, value))));
    select.value = fact[column];
    select.addEventListener("change", () => { judged(fact, "corrected", { [column]: select.value }); closeJudge(); });
    tools.push(element("label", {}, `${say("field", column)} `, select));
  }
  return element("div", { class: "fact" }, element("q", {}, fact.text), element("span", { class: "tools" }, ...tools));
}

// Words that the reader marks in the text can be added as a fact that the rules missed.
function selectedSpan() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  const holder = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("#report .text [data-at]");
  const paragraph = holder(range.startContainer);
  if (!paragraph || paragraph !== holder(range.endContainer)) return null;
  const before = new Range();
  before.setStart(paragraph, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const points = (text) => Array.from(text).length;
  const text = range.toString(), bare = text.trim();
  const start = Number(paragraph.dataset.at) + points(before.toString()) + points(text.slice(0, text.indexOf(bare)));
  return bare ? { start, end: start + points(bare), text: bare } : null;
}

function offerMissed() {
  const span = selectedSpan();
  if (!span || span.text.length > 400) return;
  const add = (table, column, value) => { judged({ table, ...span, [column]: value }, "missed", { [column]: value }); closeJudge(); };
  const picker = (table, column, values) => {
    const select = element("select", { "aria-label": say("table", table) }, element("option", { value: "" }, say("table", table)), ...values.map((value) => element("option", { value }, say(column, value))));
    select.addEventListener("change", () => select.value && add(table, column, select.value));
    return select;
  };
  at("judge").replaceChildren(element("div", { class: "fact" }, element("b", {}, `${say("review", "missed")} `), element("q", {}, span.text),
    element("span", { class: "tools" }, picker("amounts", "role", Object.keys(words.role)), picker("projects", "kind", KINDS.projects), picker("beneficiaries", "kind", KINDS.beneficiaries))),
  pressed(element("button", { type: "button", class: "x", "aria-label": say("page", "close") }, "×"), closeJudge));
  at("judge").hidden = false;
}

function drawSaver() {
  const button = at("save-verdicts");
  button.hidden = !verdicts.size || Boolean(token);
  button.textContent = told("save_verdicts", { n: verdicts.size });
}

function saveVerdicts() {
  download("verdicts.jsonl", [[...verdicts.values()].map((entry) => JSON.stringify(entry)).join("\n") + "\n"], "application/jsonl");
}
