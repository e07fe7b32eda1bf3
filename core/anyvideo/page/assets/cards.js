// The cards of the grid: the clip, its name and cost, and what was asked, adjusted and delivered.

function makeScreen(row) {
  if (!row.held && !row.url) return makeEmptyScreen(row, row.problem || row.error || row.state || "no clip");
  const video = make("video", {
    preload: "none", playsinline: "", "aria-label": `Clip of ${row.name}`, "data-number": row.number,
  });
  video.muted = !byId("sound").checked;
  const screen = make("div", { class: "screen" }, video);
  video.addEventListener("loadedmetadata", () => { follow(video); showClock(); });
  video.addEventListener("error", () => {
    watcher.unobserve(video);
    stage.seen.delete(video);
    const reason = video.error && video.error.code === 4 && row.url
      ? `${decodeURIComponent(row.url.slice(2))} is missing, or not a video that this browser can show`
      : "This browser cannot show the clip";
    screen.replaceWith(makeEmptyScreen(row, reason));
  });
  watcher.observe(video);
  return screen;
}

function makeEmptyScreen(row, reason) {
  return make("div", { class: "screen empty" }, make("p", { dir: "auto" }, reason));
}

function makeCard(row) {
  const words = [
    ["asked", row.asked], ["adjusted", row.adjusted], ["delivered", row.delivered],
    ["quoted", row.quoted], ["billed", row.billed], ["finished in", formatSeconds(row.seconds)],
    ["ordered", row.made],
  ].filter(([, text]) => text);
  if (row.error && (row.held || row.url || row.problem)) words.push(["error", row.error]);
  const failed = !row.held && !row.url && !row.problem;
  const list = make("dl", {}, ...words.flatMap(([name, text]) => [
    make("dt", {}, name), make("dd", { dir: "auto" }, text),
  ]));
  const prompt = byId("grid").classList.contains("prompted") && row.prompt
    ? make("p", { class: "prompt", dir: "auto", title: row.prompt }, row.prompt) : null;
  return make("article", { class: "card" },
    makeScreen(row),
    make("header", {},
      make("h3", {}, ...row.name.split(/(?<=\/)/).flatMap((part) => [part, make("wbr")])),
      make("span", { class: failed ? "cost bad" : "cost" }, failed ? row.state : row.billed || row.quoted || "")),
    make("div", { class: "words" }, prompt, list));
}
