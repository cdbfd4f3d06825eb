// A table of any length: only the rows in view are drawn. Sorted by its heads, columns chosen, saved as CSV or XLSX.
const HEIGHT = 46, MOST_PRINTED = 1000;

// On paper are all rows, not those in view.
let printing = false;
for (const [event, begins] of [["beforeprint", true], ["afterprint", false]]) {
  window.addEventListener(event, () => {
    printing = begins;
    grids[state.view]?.draw(true);
  });
}

// A text of more than the two lines of its row is shown whole under the pointer and the focus.
function unfold(node) {
  for (const before of document.querySelectorAll(".whole")) before.classList.remove("whole");
  if (node && node.scrollHeight > node.clientHeight + 1) node.classList.add("whole");
}

class Grid {
  constructor(root, columns, open, name) {
    Object.assign(this, { root, columns, open, name, rows: [], sorted: null, hidden: new Set(columns.filter((c) => c.hidden).map((c) => c.id)) });
    this.head = element("div", { role: "row", class: "row head" });
    this.body = element("div", { role: "rowgroup", class: "body" });
    this.window = element("div", { class: "window" });
    this.body.append(this.window);
    this.scroll = element("div", { class: "scroll", role: "table", tabindex: "0" }, element("div", { role: "rowgroup", class: "heads" }, this.head), this.body);
    this.scroll.addEventListener("scroll", () => this.draw(), { passive: true });
    for (const event of ["mouseover", "focusin"]) this.window.addEventListener(event, ({ target }) => unfold(target.closest(".text, .link")));
    this.root.replaceChildren(this.scroll);
    new ResizeObserver(() => this.draw()).observe(this.scroll);
  }

  get shown() { return this.columns.filter((column) => !this.hidden.has(column.id)); }

  show(list) {
    this.rows = this.sorted ? this.ordered(list) : list;
    this.scroll.scrollTop = 0;
    this.drawHead();
    this.draw(true);
  }

  ordered(list) {
    const { column, down } = this.sorted;
    const value = column.sort ?? column.value;
    const keys = new Map(list.map((row) => [row, value(row)]));
    const missing = (key) => key === null || key === undefined || key === "";
    const compare = typeof [...keys.values()].find((key) => !missing(key)) === "number" ? (a, b) => a - b : collator.compare;
    return [...list].sort((a, b) => {
      const one = keys.get(a), other = keys.get(b);
      if (missing(one) || missing(other)) return missing(one) - missing(other) || a - b;
      return (down ? compare(other, one) : compare(one, other)) || a - b;
    });
  }

  sortBy(column) {
    const down = this.sorted?.column === column ? !this.sorted.down : Boolean(column.number);
    this.sorted = { column, down };
    keepFocus(() => this.show(this.rows));
  }

  drawHead() {
    const widths = this.shown.map((column) => column.width);
    this.scroll.style.setProperty("--grid", widths.join(" "));
    this.scroll.style.setProperty("--least", `calc(${widths.map((width) => width.match(/[\w.]+(?=,)/)?.[0] ?? width).join(" + ")} + ${12 * widths.length + 20}px)`);
    this.scroll.setAttribute("aria-rowcount", this.rows.length + 1);
    this.scroll.setAttribute("aria-label", say("page", this.name));
    this.head.replaceChildren(...this.shown.map((column) => {
      if (column.plain) return element("div", { role: "columnheader" }, column.label());
      const here = this.sorted?.column === column;
      const button = pressed(element("button", { type: "button", "data-key": column.id, class: column.number ? "number" : null }, column.label(), here ? (this.sorted.down ? " ↓" : " ↑") : ""), () => this.sortBy(column));
      return element("div", { role: "columnheader", "aria-sort": here ? (this.sorted.down ? "descending" : "ascending") : "none" }, button);
    }));
  }

  draw(anew = false) {
    const height = this.scroll.clientHeight || 600;
    const first = printing ? 0 : Math.max(0, Math.floor(this.scroll.scrollTop / HEIGHT) - 8);
    const last = Math.min(this.rows.length, printing ? MOST_PRINTED : first + Math.ceil(height / HEIGHT) + 16);
    if (!anew && first === this.first && last === this.last) return;
    Object.assign(this, { first, last });
    this.body.style.height = `${this.rows.length * HEIGHT}px`;
    this.window.style.transform = `translateY(${first * HEIGHT}px)`;
    this.window.replaceChildren(...this.rows.slice(first, last).map((row, index) => this.row(row, first + index)));
  }

  row(row, number) {
    const cells = this.shown.map((column) => {
      const text = (column.text ?? column.value)(row) ?? "";
      const cell = element("div", { role: "cell", class: column.number ? "number" : null });
      if (column.node) cell.append(column.node(row));
      else if (column.opens && this.open) cell.append(pressed(element("button", { type: "button", class: "link" }, text), () => this.open(row)));
      else cell.append(column.number ? text : element("span", { class: "text" }, text));
      return cell;
    });
    return element("div", { role: "row", class: "row", "aria-rowindex": number + 2 }, ...cells);
  }

  chooser() {
    const boxes = this.columns.map((column) => {
      const box = element("input", { type: "checkbox" });
      box.checked = !this.hidden.has(column.id);
      box.addEventListener("change", () => { this.hidden[box.checked ? "delete" : "add"](column.id); this.drawHead(); this.draw(true); });
      return element("label", {}, box, " ", column.label());
    });
    return element("details", { class: "chooser" }, element("summary", {}, say("page", "columns")), element("div", {}, ...boxes));
  }

  get saved() { return this.shown.filter((column) => !column.plain); }

  savers(file) {
    return ["csv", "xlsx"].map((kind) => pressed(element("button", { type: "button", "data-save": kind }, kind.toUpperCase()), () => {
      if (kind === "csv") download(`${file}.csv`, ["\ufeff", csv(this.saved, this.rows)], "text/csv");
      else download(`${file}.xlsx`, [workbook(say("page", this.name), this.saved, this.rows)], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    }));
  }
}

// A cell that a spreadsheet would take for a formula becomes text.
const LIVE = /^[\s\u0000]*[=+\-@\t\r＝＋－＠]/;
const asText = (text) => (LIVE.test(text) ? `'${text}` : text);

function csv(columns, list) {
  const cell = (value) => {
    const text = typeof value === "number" ? String(value) : asText(String(value ?? ""));
    return /[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map((column) => cell(column.label())).join(",")];
  for (const row of list) lines.push(columns.map((column) => cell((column.number ? column.value : column.text ?? column.value)(row))).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

// A workbook of one sheet: numbers as numbers, texts as inline strings, which are never formulas; stored, not packed.
function workbook(title, columns, list) {
  const escaped = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const cell = (value) => (value === null || value === undefined || value === "" ? "<c/>"
    : typeof value === "number" ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`);
  const lines = [columns.map((column) => cell(column.label()))];
  for (const row of list) lines.push(columns.map((column) => cell((column.number ? column.value : column.text ?? column.value)(row))));
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006", kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const name = escaped(title).replace(/[\\/*?:[\]]/g, " ").slice(0, 31).replaceAll('"', "&quot;");
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/></Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${of}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${head}<workbook xmlns="${main}" xmlns:r="${of}"><sheets><sheet name="${name}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${of}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>${lines.map((cells) => `<row>${cells.join("")}</row>`).join("")}</sheetData></worksheet>`,
  });
}

const CRC = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });

function zip(files) {
  const encoder = new TextEncoder(), parts = [], index = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = encoder.encode(name), data = encoder.encode(text);
    let crc = 0xffffffff;
    for (const byte of data) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
    const about = new DataView(new ArrayBuffer(26));
    [[0, 20], [2, 0x800], [4, 0], [6, 0], [8, 0x21], [22, path.length], [24, 0]].forEach(([place, value]) => about.setUint16(place, value, true));
    [[10, (crc ^ 0xffffffff) >>> 0], [14, data.length], [18, data.length]].forEach(([place, value]) => about.setUint32(place, value, true));
    const local = [new Uint8Array([0x50, 0x4b, 3, 4]), new Uint8Array(about.buffer), path, data];
    const end = new DataView(new ArrayBuffer(14));
    end.setUint32(10, offset, true);
    index.push(new Uint8Array([0x50, 0x4b, 1, 2, 20, 0]), new Uint8Array(about.buffer), new Uint8Array(end.buffer), path);
    parts.push(...local);
    offset += 30 + path.length + data.length;
  }
  const length = index.reduce((sum, part) => sum + part.length, 0), count = Object.keys(files).length;
  const last = new DataView(new ArrayBuffer(22));
  last.setUint32(0, 0x06054b50, true);
  last.setUint16(8, count, true);
  last.setUint16(10, count, true);
  last.setUint32(12, length, true);
  last.setUint32(16, offset, true);
  return new Blob([...parts, ...index, new Uint8Array(last.buffer)]);
}
