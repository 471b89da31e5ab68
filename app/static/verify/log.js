// The draw log: an unbroken chain, and plan before seed before result.
"use strict";

const GENESIS = "0".repeat(64);
const LOG_KEYS = ["hash", "kind", "n", "prev", "record", "record_hash", "utc"];

function checkLog(plan, text, files) {
  let previous = GENESIS;
  const own = [];
  const lines = linesOf("log.jsonl", text);
  lines.forEach((line, i) => {
    const entry = readEntry(line, i + 1, previous);
    previous = entry.hash;
    if (entry.record !== undefined) own.push(checkOwn(plan, entry));
  });
  checkOrder(plan, own);
  checkRecords(own, files);
  const voided = own.find((entry) => entry.kind === "void");
  return {
    entries: lines.length, swaps: own.flatMap(swapsOf),
    voided: voided ? cut(voided.record.split("\n")[2], "=")[1] : null,
  };
}

// Logged replacements of drawn firms as [left, came].
function swapsOf(entry) {
  if (entry.kind !== "substitute") return [];
  const lines = entry.record.split("\n").filter((line) => line.startsWith("target="));
  return lines.map((line) => line.split("|").slice(2));
}

function readEntry(line, n, previous) {
  const broken = () => new Difference("log", { line: n });
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    throw broken();
  }
  const shown = LOG_KEYS.filter((key) => entry[key] !== undefined);
  const canonical = JSON.stringify(Object.fromEntries(shown.map((key) => [key, entry[key]])));
  const chained = `ssj/1/log\n${n}\n${previous}\n${entry.kind}\n${entry.record_hash}\n${entry.utc}\n`;
  // Draws of either algorithm share the chain.
  const linked = ["sha256", "sm3"].some((alg) => hexDigest(alg, chained) === entry.hash);
  if (canonical !== line || entry.n !== n || entry.prev !== previous || !linked) throw broken();
  if (!new RegExp(`^${UTC}$`).test(entry.utc)) throw broken();
  return entry;
}

function checkOwn(plan, entry) {
  const start = `ssj/1/${entry.kind}\n${entry.kind === "plan" ? "" : `plan=${plan.hash}\n`}`;
  const fits = typeof entry.record === "string" && entry.record.startsWith(start);
  need(fits && hexDigest(plan.alg, entry.record) === entry.record_hash, "log", { line: entry.n });
  return entry;
}

function checkOrder(plan, own) {
  const kinds = own.map((entry) => entry.kind);
  const once = ["plan", "seed", "result"];
  const inOrder = once.every((kind, i) => kinds[i] === kind) && !kinds.slice(3).some((kind) => once.includes(kind));
  need(inOrder, "log_order");
  const [planned, seeded, drawn] = own.map((entry) => entry.utc);
  need(planned < plan.seedAfter && plan.seedAfter <= seeded && seeded <= drawn, "log_time");
}

function checkRecords(own, files) {
  for (const kind of ["plan", "seed", "result", "assign"]) {
    const logged = own.filter((entry) => entry.kind === kind).pop();
    const name = `${kind}.txt`;
    need((logged ? logged.record : undefined) === files[name], "log_record", { file: name });
  }
}
