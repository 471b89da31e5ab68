// The records of ssj/1: strict reading of plan, seed, result and assign; key and ticket.
"use strict";

// The first thing that is not as it should be; the page turns the code into a sentence.
class Difference extends Error {
  constructor(code, params) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

function need(fact, code, params = {}) {
  if (!fact) throw new Difference(code, params);
}

const HEX64 = "[0-9a-f]{64}";
const NUMBER = "(?:0|[1-9][0-9]{0,17})";
const ITEM = "[A-Za-z0-9_-]{1,32}";
const STRATUM = "(?!-(?:[|~\\t]|$))[A-Za-z0-9_.-]{1,32}";
const PURPOSE = "unit(?:/[A-Za-z0-9_-]{1,32})?";
const UTC = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z";

const PLAN_LINES = {
  alg: "sha256|sm3", form: "sealed", draw: "[A-Za-z0-9_.-]{1,64}", item: `${ITEM}\\|${PURPOSE}`, roster_n: NUMBER,
  roster_root: HEX64, roster_file: HEX64, quota: `${ITEM}\\|${STRATUM}\\|${NUMBER}\\|(?:-|${NUMBER})\\|${NUMBER}\\|${NUMBER}`,
  staff_file: `-|${HEX64}`, seed: "[a-z0-9-]+:[A-Za-z0-9-]+", seed_after: UTC,
};
const PLAN_ORDER = /^alg (form )?draw (item )+roster_n roster_root roster_file (quota )+staff_file (seed )+seed_after $/;
const ASSIGN_LINES = {
  plan: HEX64, seed: HEX64, key: "pair(?:/[1-9][0-9]{0,2})?\\|[0-9a-f]{32}", staff_file: HEX64, elig_file: HEX64,
  demand_file: HEX64, cost: NUMBER, rows: HEX64,
};
const ASSIGN_ORDER = /^plan seed key staff_file elig_file demand_file cost rows $/;

function decode(file, bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Difference("malformed", { file, line: 1 });
  }
}

// The lines of a text that ends with a line feed.
function linesOf(file, text) {
  const lines = text.split("\n");
  need(lines.pop() === "", "malformed", { file, line: lines.length + 1 });
  return lines;
}

function readRecord(file, text, kind, patterns, order) {
  const [head, ...lines] = linesOf(file, text);
  need(head === `ssj/1/${kind}`, "malformed", { file, line: 1 });
  const values = {};
  lines.forEach((line, place) => {
    const [key, value] = cut(line, "=");
    const known = Object.prototype.hasOwnProperty.call(patterns, key);
    need(known && new RegExp(`^(?:${patterns[key]})$`).test(value), "malformed", { file, line: place + 2 });
    (values[key] = values[key] || []).push(value);
  });
  const sequence = lines.map((line) => `${cut(line, "=")[0]} `).join("");
  need(order.test(sequence), "malformed", { file, line: 2 });
  return values;
}

function cut(line, mark) {
  const at = line.indexOf(mark);
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

function readPlan(text) {
  const found = readRecord("plan.txt", text, "plan", PLAN_LINES, PLAN_ORDER);
  const alg = found.alg[0];
  const quotas = found.quota.map((line) => {
    const [item, stratum, n, ppm, k, reserve] = line.split("|");
    return { item, stratum, n: +n, ppm: ppm === "-" ? null : +ppm, k: +k, reserve: +reserve };
  });
  const items = found.item.map((line) => {
    const [name, purpose] = line.split("|");
    return { name, purpose };
  });
  return {
    alg, items, quotas, hash: hexDigest(alg, text), sealed: Boolean(found.form), n: +found.roster_n[0],
    root: found.roster_root[0], file: found.roster_file[0], staffFile: found.staff_file[0], seeds: found.seed,
    seedAfter: found.seed_after[0], purposes: [...new Set(items.map((item) => item.purpose))],
    purposeOf: Object.fromEntries(items.map((item) => [item.name, item.purpose])),
  };
}

const place = (quota) => `${quota.item}|${quota.stratum}`;

function checkPlan(plan) {
  const unique = (values) => new Set(values).size === values.length;
  const sound = unique(plan.items.map((item) => item.name)) && unique(plan.quotas.map(place)) && unique(plan.seeds);
  need(sound, "malformed", { file: "plan.txt", line: 1 });
  for (const quota of plan.quotas) {
    const { n, ppm, k } = quota;
    const byRatio = ppm === null || BigInt(k) === (BigInt(n) * BigInt(ppm) + 999999n) / 1000000n;
    const fits = quota.item in plan.purposeOf && k <= n && n <= plan.n && byRatio && !(plan.sealed && ppm !== null);
    need(fits, "quota", { place: place(quota) });
  }
}

function drawKey(alg, purpose, seedHash) {
  return hexDigest(alg, `ssj/1/key\n${purpose}\n${seedHash}\n`).slice(0, 32);
}

function ticketOf(alg, key, identifier) {
  return hexDigest(alg, `${key}:${identifier}`);
}

// "A|M|2|0|ticket|list" as parts; the cutoff is null where nobody was to be drawn.
function readOutcome(line) {
  const [item, stratum, k, tier, ticket, list] = line.split("|");
  return { item, stratum, k: +k, tier: tier === "-" ? null : +tier, ticket: tier === "-" ? null : ticket, list };
}

function readResult(text) {
  const lines = linesOf("result.txt", text);
  const rest = lines.filter((line) => line.startsWith("drawn=")).map((line) => line.slice(6));
  const form = new RegExp(`^${ITEM}\\|${STRATUM}\\|${NUMBER}\\|(?:[0-9]\\|${HEX64}|-\\|-)\\|${HEX64}$`);
  rest.forEach((line) => need(form.test(line), "malformed", { file: "result.txt", line: lines.indexOf(`drawn=${line}`) + 1 }));
  return { lines, outcomes: rest.map(readOutcome) };
}

// What the result must begin with, once plan and seed are known.
function resultHead(plan, seedHash, keys) {
  return ["ssj/1/result", `plan=${plan.hash}`, `seed=${seedHash}`, ...plan.purposes.map((p) => `key=${p}|${keys[p]}`)];
}
