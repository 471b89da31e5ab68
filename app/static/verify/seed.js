// The public seed: canonical values of each source, and at least 60 bits in all.
"use strict";

const MINIMUM_BITS = 60;
const DEFAULT_DICE = 20;

function ascending(text, size, top) {
  const numbers = text.split(".").slice(0, -1).map(Number);
  const inOrder = numbers.every((number, i) => number >= 1 && number <= top && (i === 0 || number > numbers[i - 1]));
  return /^(?:[1-9][0-9]?\.)+$/.test(text) && numbers.length === size && inOrder;
}

function dice(event) {
  const found = /^ceremony(?:-([1-9][0-9]{0,2}))?$/.exec(event);
  return found ? Number(found[1] || DEFAULT_DICE) : -1;
}

const ISSUE = /^20[0-9]{5}$/;
const SEED_SOURCES = {
  "cwl-kl8": { fits: (event, value) => ISSUE.test(event) && ascending(value, 20, 80), bits: () => 61.6 },
  "cwl-ssq": {
    fits: (event, value) => {
      const [reds, blue, ...more] = value.split("/");
      return ISSUE.test(event) && ascending(reds, 6, 33) && ascending(blue || "", 1, 16) && more.length === 0;
    },
    bits: () => 24.1,
  },
  "cwl-3d": { fits: (event, value) => ISSUE.test(event) && /^(?:[0-9]\.){3}$/.test(value), bits: () => 9.9 },
  "dice-d10": {
    fits: (event, value) => /^[0-9]+$/.test(value) && value.length === dice(event),
    bits: (event) => dice(event) * Math.log2(10),
  },
  "drand-quicknet": {
    fits: (event, value) => /^[1-9][0-9]{0,17}$/.test(event) && /^[0-9a-f]{64}$/.test(value),
    bits: () => 256,
  },
};

// Checks seed.txt against the plan; gives back the bits of all events together.
function checkSeed(plan, text) {
  const lines = linesOf("seed.txt", text);
  const differs = (line, expected) => need(lines[line] === expected, "line", {
    file: "seed.txt", line: line + 1, expected, found: lines[line] || "",
  });
  differs(0, "ssj/1/seed");
  differs(1, `plan=${plan.hash}`);
  need(lines.length === 2 + plan.seeds.length, "malformed", { file: "seed.txt", line: lines.length });
  let bits = 0;
  plan.seeds.forEach((seed, i) => {
    const [named, value] = cut(lines[i + 2], "=");
    const [source, event] = cut(seed, ":");
    const known = Object.prototype.hasOwnProperty.call(SEED_SOURCES, source);
    need(named === seed && known && SEED_SOURCES[source].fits(event, value), "seed", { seed, found: value });
    bits += SEED_SOURCES[source].bits(event);
  });
  need(bits >= MINIMUM_BITS, "entropy", { bits: Math.round(bits) });
  return Math.floor(bits);
}
