// The table: the same numbers as the cards and the chart, for reading, printing and screen readers.

const COLUMNS = data.kind === "clips"
  ? [["Name", "name"], ["State", "state"], ["Asked", "asked", "text"], ["Adjusted", "adjusted", "text"],
    ["Delivered", "delivered", "text"], ["Quoted", "quoted", "number"], ["Billed", "billed", "number"],
    ["Time", "seconds", "number"], ["Ordered", "made", "number"]]
  : [["Name", "name"], ["Tier", "tier"], ["What you get", "delivered", "text"], ["Adjusted", "adjusted", "text"],
    ["Price", "quoted", "number"], ["Usual time", "seconds", "number"]];
const SORTED_BY = { name: "name", state: "state", quoted: "cost", seconds: "seconds" };
const columns = COLUMNS.filter(([, field]) => field === "name" || all.some((row) => row[field]));

function makeHead(sortBy) {
  const cells = columns.map(([title, field, kind]) => {
    const order = byId("sort").querySelector(`option[value="${SORTED_BY[field]}"]`);
    if (!order) return make("th", { scope: "col", class: kind || null }, title);
    const button = make("button", { type: "button" }, title);
    button.addEventListener("click", () => sortBy(SORTED_BY[field]));
    return make("th", { scope: "col", class: kind || null, "data-order": SORTED_BY[field] }, button);
  });
  return make("thead", {}, make("tr", {}, ...cells));
}

function makeRow(row) {
  const cells = columns.map(([, field, kind]) => {
    const text = field === "seconds" ? formatSeconds(row.seconds)
      : field === "quoted" && data.kind === "prices" ? row.quoted || "unknown" : row[field] || "";
    if (field === "name") return make("th", { scope: "row" }, text);
    return make("td", { class: kind || null, dir: "auto" }, text);
  });
  return make("tr", {}, ...cells);
}

function markOrder(order) {
  for (const cell of document.querySelectorAll("#table thead th[data-order]")) {
    if (cell.dataset.order === order) cell.setAttribute("aria-sort", "ascending");
    else cell.removeAttribute("aria-sort");
  }
}
