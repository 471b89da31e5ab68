// The whole bundle from its files alone, in the order in which the draw came about.
"use strict";

const BASE_FILES = ["README.txt", "log.jsonl", "plan.txt", "result.txt", "seed.txt", "verify.py"];
const STREAMED = ["roster.tsv", "leaves.tsv"];

// What is expected of a bundle of this plan; `has` says which of the optional files are there.
function expectedNames(plan, has) {
  const names = [...BASE_FILES];
  if (plan.sealed) names.push("leaves.tsv", "drawn.txt");
  else {
    names.push("roster.tsv");
    for (const { item, stratum } of plan.quotas) names.push(`drawn/${item}.${stratum}.txt`, `reserve/${item}.${stratum}.txt`);
  }
  if (has("assign.txt")) names.push("assign.txt", "prices.json", ...Object.keys(MATCH_FILES));
  if (has("assign.txt") && has(FROZEN_STAFF)) names.push(FROZEN_STAFF);
  return names.sort(compare);
}

// `open(name)` gives an async iterator of byte pieces; `tell(step)` hears what has been done so far.
class BundleCheck {
  constructor(open, tell) {
    this.open = open;
    this.tell = tell;
    this.texts = {};
  }

  async run() {
    const started = Date.now();
    need(hashesWork(), "hash_broken");
    await this.readManifest();
    const plan = await this.readPlan();
    const log = checkLog(plan, this.texts["log.jsonl"], this.texts);
    this.tell({ step: "log", ...log });
    const bits = checkSeed(plan, this.texts["seed.txt"]);
    this.tell({ step: "seed", bits, seeds: plan.seeds.length });
    const drawn = await (plan.sealed ? this.checkSealed() : this.checkOpen());
    this.checkMatch(drawn, standing(drawn, log.swaps));
    return {
      rows: plan.n, seeds: plan.seeds.length, strata: plan.quotas.length, tickets: drawn.size, sealed: plan.sealed,
      voided: log.voided, seconds: Math.max(1, Math.round((Date.now() - started) / 100)) / 10,
    };
  }

  async readManifest() {
    const text = decode("manifest.txt", await gather(this.open("manifest.txt")));
    this.manifest = new Map(linesOf("manifest.txt", text).map((line) => cut(line, "\t")));
    const names = [...this.manifest.keys()];
    const sound = names.join("\n") === [...names].sort(compare).join("\n")
      && [...this.manifest].map(([name, hash]) => `${name}\t${hash}\n`).join("") === text
      && names.every((name) => new RegExp(`^${HEX64}$`).test(this.manifest.get(name)));
    need(sound, "malformed", { file: "manifest.txt", line: 1 });
  }

  async readPlan() {
    await this.read("plan.txt");
    this.plan = readPlan(this.texts["plan.txt"]);
    checkPlan(this.plan);
    const expected = expectedNames(this.plan, (name) => this.manifest.has(name));
    const found = [...this.manifest.keys()];
    const odd = expected.find((name) => !this.manifest.has(name)) || found.find((name) => !expected.includes(name));
    need(odd === undefined, "file", { file: odd });
    for (const name of expected) if (!STREAMED.includes(name)) await this.read(name);
    this.tell({ step: "files", files: expected.length });
    return this.plan;
  }

  async read(name) {
    const bytes = await gather(this.open(name));
    const found = hexDigest("sha256", bytes), expected = this.manifest.get(name);
    need(found === expected, "hash", { file: name, expected: expected || "", found });
    this.texts[name] = decode(name, bytes);
  }

  // Feeds the roster to `reader` piece by piece and checks hash, count and root.
  async stream(name, reader) {
    const { plan } = this;
    const whole = new Sha256(), own = plan.alg === "sha256" ? null : newHash(plan.alg);
    for await (const piece of this.open(name)) {
      whole.update(piece);
      if (own) own.update(piece);
      reader.push(piece);
      this.tell({ progress: reader.count, of: plan.n });
    }
    reader.end();
    const sha256 = toHex(whole.digest());
    this.same(name, this.manifest.get(name), sha256);
    need(reader.count === plan.n, "count", { file: name, expected: plan.n, found: reader.count });
    this.same(name, plan.file, own ? toHex(own.digest()) : sha256);
    const root = reader.tree.root();
    need(root === plan.root, "root", { expected: plan.root, found: root });
    this.tell({ step: "roster", rows: reader.count, root });
  }

  same(file, expected, found) {
    need(found === expected, "hash", { file, expected, found });
  }

  keys() {
    const { plan } = this;
    this.seedHash = hexDigest(plan.alg, this.texts["seed.txt"]);
    return Object.fromEntries(plan.purposes.map((purpose) => [purpose, drawKey(plan.alg, purpose, this.seedHash)]));
  }

  // Everything is open: the draw is made again and must come out the same.
  async checkOpen() {
    const { plan } = this;
    const keys = this.keys();
    const draw = new Draw(plan, keys);
    await this.stream("roster.tsv", draw.reader);
    const drawn = new Set();
    const outcomes = draw.finish().map((found) => {
      for (const lot of found.drawn) drawn.add(lot.id);
      return this.outcome(found);
    });
    this.compareLines("result.txt", [...resultHead(plan, this.seedHash, keys), ...outcomes]);
    this.tell({ step: "draw", strata: outcomes.length, drawn: drawn.size });
    return drawn;
  }

  outcome({ quota, drawn, reserve }) {
    const name = `${quota.item}.${quota.stratum}.txt`;
    const ids = (lots) => lots.map((lot) => lot.id);
    this.compareLines(`drawn/${name}`, ids(drawn));
    this.compareLines(`reserve/${name}`, ids(reserve));
    const last = drawn[drawn.length - 1];
    const cutoff = last ? `${last.tier}|${last.ticket}` : "-|-";
    const list = hexDigest(this.plan.alg, this.texts[`drawn/${name}`]);
    return `drawn=${place(quota)}|${quota.k}|${cutoff}|${list}`;
  }

  compareLines(file, expected) {
    const found = linesOf(file, this.texts[file]);
    for (let i = 0; i < Math.max(found.length, expected.length); i++) {
      need(found[i] === expected[i], "line", { file, line: i + 1, expected: expected[i] || "", found: found[i] || "" });
    }
  }

  // Strata are closed: the leaves, the drawn and the cutoffs must still fit each other.
  async checkSealed() {
    const { plan } = this;
    const keys = this.keys();
    const drawn = linesOf("drawn.txt", this.texts["drawn.txt"]);
    drawn.forEach((name, i) => need(i === 0 || drawn[i - 1] < name, "row", { file: "drawn.txt", line: i + 1 }));
    const leaves = new Leaves(plan, drawn);
    await this.stream("leaves.tsv", leaves.reader);
    leaves.finish();
    this.checkCutoffs(readResult(this.texts["result.txt"]), keys, drawn);
    this.tell({ step: "sealed", strata: plan.quotas.length, drawn: drawn.length });
    return new Set(drawn);
  }

  checkCutoffs({ lines, outcomes }, keys, drawn) {
    const { plan } = this;
    const head = resultHead(plan, this.seedHash, keys);
    head.forEach((line, i) => need(lines[i] === line, "line", {
      file: "result.txt", line: i + 1, expected: line, found: lines[i] || "",
    }));
    const told = outcomes.map((each) => `${place(each)}|${each.k}`).join("\n");
    const planned = plan.quotas.map((each) => `${place(each)}|${each.k}`).join("\n");
    need(told === planned && lines.length === head.length + outcomes.length, "malformed", { file: "result.txt", line: head.length + 1 });
    const cuts = outcomes.filter((each) => each.k > 0);
    const covered = new Set(), met = new Set();
    for (const id of drawn) {
      for (const cutoff of cuts) {
        const ticket = ticketOf(plan.alg, keys[plan.purposeOf[cutoff.item]], id);
        if (cutoff.tier > 0 || ticket <= cutoff.ticket) covered.add(id);
        if (ticket === cutoff.ticket) met.add(cutoff);
      }
    }
    const stray = drawn.find((id) => !covered.has(id));
    need(stray === undefined, "beyond_cutoff", { found: stray });
    const unmet = cuts.find((cutoff) => !met.has(cutoff));
    need(unmet === undefined, "cutoff", { place: unmet ? place(unmet) : "" });
    this.checkSizes(cuts, drawn.length);
  }

  // As many firms as the quotas allow: no fewer than the largest item takes, no more than all together.
  checkSizes(cuts, found) {
    const byItem = {};
    let most = 0;
    for (const { item, k } of cuts) {
      byItem[item] = (byItem[item] || 0) + k;
      most += k;
    }
    const least = Math.max(0, ...Object.values(byItem));
    need(least <= found && found <= most, "count", { file: "drawn.txt", expected: `${least}–${most}`, found });
  }

  checkMatch(drawn, toVisit) {
    if (!this.manifest.has("assign.txt")) {
      this.tell({ step: "no_match" });
      return;
    }
    this.tell({ step: "match", ...new Match(this.plan, this.seedHash, this.texts).check(drawn, toVisit) });
  }
}

// The firms to be visited: the drawn ones after every logged replacement.
function standing(drawn, swaps) {
  const firms = new Set(drawn);
  for (const [left, came] of swaps) {
    firms.delete(left);
    if (came !== "-") firms.add(came);
  }
  return firms;
}

async function gather(pieces) {
  const kept = [];
  let size = 0;
  for await (const piece of pieces) {
    kept.push(piece);
    size += piece.length;
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of kept) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
