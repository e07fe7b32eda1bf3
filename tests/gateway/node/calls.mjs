// Every call that OpenAI's SDK for Node has for videos; its argument is the base URL.
import assert from "node:assert/strict";
import OpenAI from "openai";

const requests = [];
const client = new OpenAI({
  baseURL: process.argv[2],
  apiKey: "any",
  fetch: (url, init) => {
    requests.push(init.method);
    return fetch(url, init);
  },
});
const model = "openai-videos/sora-2";
const wait = async (id) => {
  for (;;) {
    const video = await client.videos.retrieve(id);
    if (!["queued", "in_progress"].includes(video.status)) return video;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const first = await wait((await client.videos.create({ model, prompt: "a node fox" })).id);
assert.equal(first.status, "completed");
const remix = await client.videos.remix(first.id, { prompt: "a node fox at night" });
assert.equal(remix.remixed_from_video_id, first.id);
const listed = [];
for await (const video of client.videos.list({ limit: 1 })) listed.push(video.id);
assert.deepEqual(listed.slice(0, 2), [remix.id, first.id]);
assert.equal((await client.videos.delete(first.id)).deleted, true);
await assert.rejects(client.videos.retrieve(first.id), OpenAI.NotFoundError);
assert.ok((await client.models.list()).data.some((item) => item.id === model));

const lost = await client.videos.create({ model, prompt: "a fox [fault:drop-after-accept]" });
console.log(lost.status);
requests.length = 0;
const refused = client.videos.create({ model, prompt: "a fox [fault:no-money=429]" });
await assert.rejects(refused, (error) => error.status === 502 && error.code === "insufficient_funds");
console.log(requests.length);
console.log("done");
