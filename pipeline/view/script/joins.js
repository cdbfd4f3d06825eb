// What is one undertaking: rows that a reader joins, a row whose mentions he parts, and pairs that nearly were one.
const picked = new Set();

function judgedJoin(verdict, ids) {
  keep(`${verdict}|${[...ids].sort().join("|")}`, { time: new Date().toISOString().slice(0, 19) + "+00:00", reviewer: "", table: "undertakings", verdict, ids });
}

const PICK = { id: "pick", plain: true, width: "3em", label: () => say("page", "pick"), value: () => null, node: (row) => {
  const box = element("input", { type: "checkbox", "aria-label": `${say("page", "pick")}: ${rows.title[row]}` });
  box.checked = picked.has(row);
  box.addEventListener("change", () => { picked[box.checked ? "add" : "delete"](row); drawJoinTools(); });
  return box;
} };

// Beside the table: join what is chosen, or look at what may be one.
function joinTools() {
  const tools = element("span", { class: "joins" });
  if (picked.size > 1) tools.append(
    pressed(element("button", { type: "button", "data-join": "chosen" }, told("join_chosen", { n: picked.size })), () => {
      judgedJoin("join", [...picked].map((row) => rows.anchor[row]));
      picked.clear();
      drawList("undertakings");
      explain("joined", element("p", {}, say("page", "joined_later")));
    }));
  const open = pairs().length;
  if (open) tools.append(pressed(element("button", { type: "button", "data-join": "near" }, told("near", { n: whole(open) })), showNear));
  return tools;
}

const drawJoinTools = () => document.querySelector("#undertakings .joins")?.replaceWith(joinTools());
const judgedPair = (ids) => verdicts.has(`join|${[...ids].sort().join("|")}`) || verdicts.has(`split|${[...ids].sort().join("|")}`);
const pairs = () => tables.near.filter((pair) => !judgedPair(pair.map((mention) => mention.id)));

function explain(title, ...content) {
  at("keys").replaceChildren(element("h2", {}, say("page", title)), ...content, closer());
  if (!at("keys").open) at("keys").showModal();
}

// A mention: its words, its support, and the report that it stands in.
function mentioned(mention) {
  const report = pressed(element("button", { type: "button", class: "link" }, docs.title[mention.doc] ?? ""), () => { at("keys").close(); openDocument(docs.id[mention.doc]); });
  const sum = mention.support ? ` · ${figure("support", mention.support)}` : "";
  return [element("q", {}, mention.text), sum, report];
}

// The mentions of one row; those that are ticked are another undertaking than the others.
function showMembers(row) {
  const members = rows.members[row];
  const boxes = members.map(() => element("input", { type: "checkbox" }));
  const apart = pressed(element("button", { type: "button", "data-join": "apart", disabled: "" }, say("page", "split_chosen")), () => {
    const others = members.filter((_, n) => !boxes[n].checked);
    members.forEach((member, n) => { if (boxes[n].checked) for (const other of others) judgedJoin("split", [member.id, other.id]); });
    explain("joined", element("p", {}, say("page", "joined_later")));
  });
  for (const box of boxes) box.addEventListener("change", () => { const n = boxes.filter((one) => one.checked).length; apart.disabled = !n || n === boxes.length; });
  explain("members", element("p", {}, say("page", "members_how")),
    element("ul", { class: "mentions" }, ...members.map((member, n) => element("li", {}, element("label", {}, boxes[n], " ", element("q", {}, member.text)), ...mentioned(member).slice(1)))), apart);
}

function showNear() {
  const left = pairs();
  const button = (verdict, pair) => pressed(element("button", { type: "button", "data-join": verdict }, say("page", `near_${verdict}`)), () => { judgedJoin(verdict, pair.map((mention) => mention.id)); showNear(); drawJoinTools(); });
  explain("near_title", ...(left.length ? left.slice(0, 20).map((pair) => element("div", { class: "pair" }, ...pair.map((mention) => element("p", {}, ...mentioned(mention))), button("join", pair), " ", button("split", pair)))
    : [element("p", {}, say("page", "nothing_there"))]), element("p", {}, say("page", "joined_later")));
}
