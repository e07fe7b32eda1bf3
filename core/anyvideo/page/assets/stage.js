// The stage: one clock that all visible clips follow, looped on the longest of them.

const stage = { playing: false, time: 0, last: 0, seen: new Set() };

/** The length of the longest clip whose length is known, in seconds. */
function findLength() {
  let longest = 0;
  for (const video of document.querySelectorAll("#grid video")) {
    if (Number.isFinite(video.duration)) longest = Math.max(longest, video.duration);
  }
  return longest;
}

/** Brings a clip to the time of the clock; a shorter one waits on its last frame. */
function follow(video) {
  if (!Number.isFinite(video.duration)) return;
  const over = stage.time >= video.duration;
  const target = over ? Math.max(0, video.duration - 0.05) : stage.time;
  if (Math.abs(video.currentTime - target) > (stage.playing && !over ? 0.25 : 0.01)) {
    video.currentTime = target;
  }
  const moves = stage.playing && !over && stage.seen.has(video);
  if (moves && video.paused) video.play().catch(() => {});
  if (!moves && !video.paused) video.pause();
}

function showClock() {
  const length = findLength();
  const seek = byId("seek");
  seek.max = length;
  seek.value = stage.time;
  seek.setAttribute("aria-valuetext", `${stage.time.toFixed(1)} of ${length.toFixed(1)} seconds`);
  byId("clock").textContent = `${stage.time.toFixed(1)} / ${length.toFixed(1)} s`;
  byId("play").textContent = stage.playing ? "Pause" : "Play";
}

function followAll() {
  document.querySelectorAll("#grid video").forEach(follow);
  showClock();
}

function tick(now) {
  if (!stage.playing) return;
  const length = findLength();
  stage.time += (now - stage.last) / 1000;
  stage.last = now;
  if (length > 0 && stage.time >= length) stage.time = 0;
  followAll();
  requestAnimationFrame(tick);
}

function togglePlay() {
  stage.playing = !stage.playing && findLength() > 0;
  stage.last = performance.now();
  followAll();
  if (stage.playing) requestAnimationFrame(tick);
}

function seekTo(time) {
  stage.time = Math.min(Math.max(0, time), findLength());
  followAll();
}

/** Loads a clip when it comes near the window, and lets only visible ones move. */
const watcher = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) {
      stage.seen.add(target);
      if (!target.src) load(target);
    } else {
      stage.seen.delete(target);
    }
    follow(target);
  }
}, { rootMargin: "200px" });

function load(video) {
  const row = all[Number(video.dataset.number)];
  video.preload = "auto";
  video.src = row.held ? holdClip(row) : row.url;
}

/** Returns the address of a clip that the page holds; it is decoded once. */
function holdClip(row) {
  if (!row.blob) {
    const bytes = Uint8Array.from(atob(byId(`clip-${row.number}`).textContent), (c) => c.charCodeAt(0));
    row.blob = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  }
  return row.blob;
}
