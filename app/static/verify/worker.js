// Runs beside the page, so that it stays alive while 1.6 million rows are hashed.
"use strict";

importScripts("hash.js", "tree.js", "records.js", "seed.js", "log.js", "roster.js", "match.js", "bundle.js", "firm.js");

// The pieces of one published file as the server sends them.
function opener(base) {
  return async function* open(name) {
    const answer = await fetch(base + name, { cache: "no-cache", credentials: "omit" }).catch(() => null);
    need(answer && answer.ok, "fetch", { file: name });
    const reader = answer.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  };
}

async function checkBundle(base) {
  let last = 0;
  const tell = (news) => {
    if (news.progress !== undefined && Date.now() - last < 100) return;
    last = Date.now();
    postMessage(news);
  };
  postMessage({ done: await new BundleCheck(opener(base), tell).run() });
}

async function checkOne(base, given) {
  const open = opener(base);
  const texts = {};
  for (const name of ["plan.txt", "seed.txt", "result.txt"]) texts[name] = decode(name, await gather(open(name)));
  postMessage({ done: checkFirm(texts, given) });
}

onmessage = async ({ data }) => {
  try {
    await (data.firm ? checkOne(data.base, data.firm) : checkBundle(data.base));
  } catch (error) {
    const known = error instanceof Difference;
    postMessage({ failed: known ? { code: error.code, params: error.params } : { code: "broken", params: { found: String(error) } } });
  }
};
