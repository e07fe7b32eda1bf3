// Small makers of elements. Every text becomes a text node, so that no prompt is read as HTML.

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const all = data.rows.map((row, number) => ({ state: "", prompt: "", ...row, number }));

/** Makes an element with attributes and children; what is null or false is left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Returns "45 s" or "2 min 5 s". */
function formatSeconds(seconds) {
  if (seconds === undefined) return "";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Returns a function that shows rows in pages: the first at once, the others by a button. */
function makePager(parent, button, size, draw) {
  let rows = [];
  let shown = 0;
  const show = () => {
    parent.append(...rows.slice(shown, shown + size).map(draw));
    shown = Math.min(shown + size, rows.length);
    const left = rows.length - shown;
    button.hidden = left === 0;
    button.textContent = `Show ${Math.min(size, left)} more of ${left.toLocaleString("en")}`;
  };
  button.addEventListener("click", show);
  return (chosen) => {
    parent.replaceChildren();
    rows = chosen;
    shown = 0;
    show();
  };
}
