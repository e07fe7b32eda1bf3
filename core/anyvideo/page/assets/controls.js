// What the reader chooses: the order, the filters, the theme, and the keys.

const showCards = data.kind === "clips" ? makePager(byId("grid"), byId("more-cards"), 48, makeCard) : () => {};
const body = make("tbody");
const showRows = makePager(body, byId("more-rows"), 200, makeRow);
const collator = new Intl.Collator("en", { numeric: true });
const ORDERS = {
  cost: (a, b) => compareMissing(a.cost, b.cost) || collator.compare(a.currency, b.currency) || a.cost - b.cost,
  seconds: (a, b) => compareMissing(a.seconds, b.seconds) || a.seconds - b.seconds,
  name: (a, b) => collator.compare(a.name, b.name),
  state: (a, b) => collator.compare(a.state, b.state),
};
let chosen = [];
let drawn = false;

/** Puts rows without a number behind those with one. */
function compareMissing(a, b) {
  return (a === undefined) - (b === undefined);
}

function choose() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const state = byId("state") ? byId("state").value : "";
  chosen = all.filter((row) => (!state || row.state === state) && words.every((word) => find(row).includes(word)));
  const order = byId("sort").value;
  if (order) chosen.sort((a, b) => ORDERS[order](a, b) || a.number - b.number);
  const one = all.length === 1 ? "row" : "rows";
  byId("count").textContent = chosen.length === all.length
    ? `${all.length.toLocaleString("en")} ${one}`
    : `${chosen.length.toLocaleString("en")} of ${all.length.toLocaleString("en")} ${one}`;
  if (data.kind === "clips") {
    byId("grid").classList.toggle("few", chosen.length > 1 && chosen.length < 4);
    watcher.disconnect();
    stage.seen.clear();
  }
  showCards(chosen);
  showRows(chosen);
  markOrder(order);
  if (drawn) drawCharts(chosen);
}

function find(row) {
  row.text = row.text || [row.name, row.family, row.prompt, row.state, row.error, row.delivered, row.adjusted]
    .filter(Boolean).join("\n").toLowerCase();
  return row.text;
}

function sortBy(order) {
  byId("sort").value = byId("sort").value === order ? "" : order;
  choose();
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function nameTheme() {
  byId("theme").textContent = isDark() ? "Light" : "Dark";
}

function handleKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input[type=search], select");
  if (event.key === "Escape" && event.target === byId("search")) {
    byId("search").value = "";
    byId("search").blur();
    choose();
  } else if (event.key === "/" && !typing) {
    event.preventDefault();
    byId("search").focus();
  } else if (data.kind === "clips" && !typing && !event.target.closest(".scroll")) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === " " && !event.target.matches("button, input[type=checkbox]")) {
      event.preventDefault();
      togglePlay();
    } else if (step) {
      event.preventDefault();
      seekTo(stage.time + step);
    }
  }
}

byId("table").append(makeHead(sortBy), body);
let waiting = 0;
byId("search").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(choose, 80);
});
for (const id of ["state", "sort"]) if (byId(id)) byId(id).addEventListener("change", choose);
byId("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
document.addEventListener("keydown", handleKey);
if (data.kind === "clips") {
  byId("play").addEventListener("click", togglePlay);
  byId("seek").addEventListener("input", (event) => seekTo(Number(event.target.value)));
  byId("sound").addEventListener("change", (event) => {
    for (const video of document.querySelectorAll("#grid video")) video.muted = !event.target.checked;
  });
  showClock();
}
nameTheme();
choose();
// A chart of thousands of points takes longer than the page may; it is drawn when it is looked at.
new IntersectionObserver((changes) => {
  if (drawn || !changes.some((change) => change.isIntersecting)) return;
  drawn = true;
  drawCharts(chosen);
}, { rootMargin: "300px" }).observe(byId("charts"));
addEventListener("beforeprint", () => { drawn = true; drawCharts(chosen); });
let width = byId("charts").clientWidth;
new ResizeObserver(() => {
  if (!drawn || Math.abs(byId("charts").clientWidth - width) < 2) return;
  width = byId("charts").clientWidth;
  drawCharts(chosen);
}).observe(byId("charts"));
