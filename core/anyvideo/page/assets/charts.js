// The charts, one for each currency: amounts of two currencies never share an axis.

const NARROW = 640;
const MOST_NAMED = 12;

function groupBy(rows, field) {
  const groups = new Map();
  for (const row of rows) {
    const key = row[field] || "";
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return [...groups].sort(([a], [b]) => !a - !b || a.localeCompare(b, "en", { numeric: true }));
}

function drawCharts(rows) {
  const place = byId("charts");
  const width = Math.max(260, place.clientWidth);
  const priced = rows.filter((row) => row.cost !== undefined);
  const figures = groupBy(priced, "currency").flatMap(([currency, group]) =>
    data.kind === "clips" ? drawTimes(currency, group, width) : drawPrices(currency, group, width));
  place.replaceChildren(...figures);
  if (!figures.length) place.append(make("p", {}, "Nothing to draw: no row has the numbers for it."));
}

function frame(title, svg, label) {
  // The library names its groups of marks, which screen readers would read out one by one.
  for (const group of svg.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${label}. The table has the same numbers.`);
  return make("figure", {}, title ? make("h3", {}, title) : null, svg);
}

function drawTimes(currency, group, width) {
  const rows = group.filter((row) => row.seconds !== undefined);
  if (!rows.length) return [];
  const long = Math.max(...rows.map((row) => row.seconds)) > 300;
  const time = (row) => (long ? row.seconds / 60 : row.seconds);
  const most = Math.max(...rows.map((row) => row.cost));
  const named = rows.length <= MOST_NAMED && width > NARROW;
  const svg = Plot.plot({
    width, height: Math.min(420, Math.max(280, width * 0.4)), marginLeft: 48, marginTop: 36, marginBottom: 44,
    marginRight: 24, grid: true, className: "plot",
    x: { label: `Cost, ${currency}`, zero: true, nice: true, labelArrow: "none", ticks: width > NARROW ? 8 : 4 },
    y: { label: `Time to finish, ${long ? "min" : "s"}`, zero: true, nice: true, labelArrow: "none", ticks: 6 },
    marks: [
      Plot.dot(rows, { x: "cost", y: time, r: 5, fill: "var(--accent)", fillOpacity: rows.length > 200 ? 0.35 : 0.85 }),
      // A name stands on that side of its point where there is room.
      ...(named ? [["start", 10, (row) => row.cost <= most / 2], ["end", -10, (row) => row.cost > most / 2]] : [])
        .map(([textAnchor, dx, filter]) => Plot.text(rows, {
          x: "cost", y: time, text: "name", filter, textAnchor, dx, fill: "currentColor",
        })),
      Plot.tip(rows, Plot.pointer({ x: "cost", y: time, title: describe })),
    ],
  });
  return [frame("", svg, `Cost in ${currency} against time to finish of ${rows.length} clips`)];
}

function drawPrices(currency, group, width) {
  const most = Math.max(...group.map((row) => row.cost)) || 1;
  return groupBy(group, "tier").map(([tier, rows]) => {
    const narrow = width < NARROW;
    const sorted = [...rows].sort((a, b) => a.cost - b.cost);
    const svg = Plot.plot({
      width, height: sorted.length * (narrow ? 40 : 24) + 8, className: "plot",
      marginLeft: narrow ? 1 : 300, marginRight: 130, marginTop: 4, marginBottom: 4,
      x: { domain: [0, most], axis: null },
      y: { domain: sorted.map((row) => row.number), axis: null, padding: 0.3 },
      marks: [
        Plot.barX(sorted, { x: "cost", y: "number", fill: "var(--accent)", fillOpacity: 0.85, insetTop: narrow ? 16 : 0 }),
        Plot.text(sorted, {
          x: 0, y: "number", text: "name", fill: "currentColor", textAnchor: narrow ? "start" : "end",
          dx: narrow ? 0 : -12, dy: narrow ? -10 : 0,
        }),
        Plot.text(sorted, { x: "cost", y: "number", text: "quoted", textAnchor: "start", dx: 8, dy: narrow ? 8 : 0, fill: "currentColor" }),
      ],
    });
    return frame(`${tier || "Picture as the vendor chooses"}, ${currency}`, svg, `Prices in ${currency} of ${rows.length} offers`);
  });
}

function describe(row) {
  return `${row.name}\n${row.billed || row.quoted}\n${formatSeconds(row.seconds)}`;
}
