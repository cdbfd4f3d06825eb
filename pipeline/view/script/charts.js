// Bars, columns and the map: HTML and SVG drawn by hand, each mark a button that leads to what is behind it.

// Round steps, of 1, 2 or 5 times a power of ten.
function ticks(most, steps) {
  if (most <= 0) return [0];
  const rough = most / steps, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, n) => n * step);
}

function bars(items, metric, act) {
  const scale = ticks(Math.max(0, ...items.map((item) => item.value)), 2), most = scale.at(-1) || 1;
  const axis = element("div", { class: "axis", "aria-hidden": "true" }, element("span"), element("span", { class: "scale" },
    ...scale.map((tick) => { const mark = element("i", {}, onAxis(metric, tick)); mark.style.left = `${(100 * tick) / most}%`; return mark; })));
  const list = items.map((item) => {
    const bar = element("i", { class: "bar" });
    bar.style.width = `${(100 * item.value) / most}%`;
    const button = element("button", { type: "button", "aria-pressed": String(Boolean(item.on)), "data-key": item.key },
      element("span", { class: "label" }, item.label, " "), element("span", { class: "track" }, bar),
      element("span", { class: "value" }, onAxis(metric, item.value), element("span", { class: "unseen" }, isMoney(metric) ? ` ${unit()}` : "")));
    return element("li", {}, pressed(button, () => act(item.key)));
  });
  return [axis, element("ol", { class: "bars" }, ...list)];
}

function pillars(items, metric, act) {
  const scale = ticks(Math.max(0, ...items.map((item) => item.value)), 4), most = scale.at(-1) || 1;
  const lines = scale.map((tick) => { const line = element("i", { class: "line" }, element("span", {}, onAxis(metric, tick))); line.style.bottom = `${(100 * tick) / most}%`; return line; });
  const list = items.map((item) => {
    const bar = element("i", { class: "bar" });
    bar.style.height = `${(100 * item.value) / most}%`;
    const button = element("button", { type: "button", title: figure(metric, item.value), "aria-pressed": String(Boolean(item.on)), "data-key": item.key },
      element("span", { class: "stand" }, bar), element("span", { class: "label", "aria-hidden": "true" }, item.short ?? item.label), element("span", { class: "unseen" }, `${item.label} ${figure(metric, item.value)}`));
    return element("li", {}, pressed(button, () => act(item.key)));
  });
  return [element("div", { class: "lines", "aria-hidden": "true" }, ...lines), element("ol", { class: "pillars" }, ...list)];
}

// Five classes with round bounds, so that the legend can be read.
function classes(values) {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const round = (value) => { const power = 10 ** Math.floor(Math.log10(value)); return [1, 2, 5, 10].map((n) => n * power).findLast((n) => n <= value) ?? power; };
  return [...new Set([0.2, 0.4, 0.6, 0.8].map((share) => round(sorted[Math.floor(share * (sorted.length - 1))])))];
}

// Tab stops at the map once, at the chosen province or the first; arrow keys go on from there.
function rove(shapes) {
  const list = [...shapes];
  (list.find((shape) => shape.getAttribute("aria-pressed") === "true") ?? list[0])?.setAttribute("tabindex", "0");
  list.forEach((shape, place) => shape.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = list[(place + by + list.length) % list.length];
    shape.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }));
}

function map(values, metric, act) {
  const bounds = classes([...values.values()]);
  const shade = (value) => (value > 0 ? 1 + bounds.filter((bound) => value >= bound).length : 0);
  const groups = new Map();
  for (const [code, path] of Object.entries(outlines.provinces)) {
    const key = state.regime === "legacy" ? code : tables.provinces.holder[code];
    groups.set(key, (groups.get(key) ?? "") + path);
  }
  const shapes = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([code, path]) => {
    const value = values.get(code) ?? 0, text = `${provinceName(code)}: ${figure(metric, value)}`;
    const border = drawn("path", { d: path, class: "border" });
    const shape = drawn("path", { d: path, class: `province shade${shade(value)}`, role: "button", tabindex: "-1", "aria-label": text, "aria-pressed": String(state.filters.province === code), "data-key": code },
      drawn("title", {}, text));
    return [border, pressed(shape, () => act(code))];
  });
  const [width, height] = outlines.size;
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": say("page", "map") }, ...shapes);
  rove(svg.querySelectorAll(".province"));
  const spans = [say("page", "nothing_there"), ...[0, ...bounds].map((bound, index) => (bounds[index] ? `${index ? onAxis(metric, bound) : "> 0"} – ${onAxis(metric, bounds[index])}` : `≥ ${onAxis(metric, bound)}`))];
  const legend = element("ul", { class: "legend" }, ...spans.slice(0, bounds.length + 2).map((text, index) => element("li", {}, element("i", { class: `shade${index}` }), text)));
  return [svg, legend, element("p", { class: "licence" }, outlines.source)];
}
