// The inspectors' match: nobody needs a solver to see from the published prices that none is cheaper.
"use strict";

const LOAD_WEIGHT = 0x100000000;
const MATCH_FILES = {
  "staff.tsv": "staff_file", "eligible.tsv": "elig_file", "demand.tsv": "demand_file", "assign.tsv": "rows",
};

const FROZEN_STAFF = "staff_frozen.tsv";

// A route is named after its first firm and the number of its firms.
const ROUTE = /^([0-9A-Z-]{1,18})-R([0-9]{2})$/;

// Rows of a table of `width` columns, strictly ascending by the first `keys` columns.
function table(file, text, keys, width) {
  let last = [];
  return linesOf(file, text).map((line, i) => {
    const cells = line.split("\t");
    const ascends = i === 0 || compareCells(last, cells, keys) < 0;
    need(ascends && (width === null ? cells.length > 1 : cells.length === width), "row", { file, line: i + 1 });
    last = cells;
    return cells;
  });
}

function compareCells(a, b, keys) {
  for (let i = 0; i < keys; i++) if (a[i] !== b[i]) return compare(a[i], b[i]);
  return 0;
}

function wholeNumber(text, file) {
  need(new RegExp(`^${NUMBER}$`).test(text), "malformed", { file, line: 1 });
  return Number(text);
}

class Match {
  constructor(plan, seedHash, files) {
    this.plan = plan;
    this.files = files;
    this.record = readRecord("assign.txt", files["assign.txt"], "assign", ASSIGN_LINES, ASSIGN_ORDER);
    this.seedHash = seedHash;
    this.pairCost = 0n;
    this.chosen = new Map();
  }

  // Gives back how many pairs were weighed, and how many targets are not themselves drawn firms.
  check(drawn, toVisit) {
    this.checkRecord();
    this.readTables();
    this.checkTargets(drawn, toVisit);
    const pairs = table("eligible.tsv", this.files["eligible.tsv"], 2, 3);
    for (const pair of pairs) this.weigh(...pair);
    this.checkTeams();
    this.checkLoads();
    return { pairs: pairs.length, outside: this.outside };
  }

  checkRecord() {
    const { plan, record, files } = this;
    const [purpose, key] = record.key[0].split("|");
    const fits = record.plan[0] === plan.hash && record.seed[0] === this.seedHash
      && key === drawKey(plan.alg, purpose, this.seedHash);
    need(fits, "match_record");
    this.checkFrozenStaff();
    for (const [file, field] of Object.entries(MATCH_FILES)) {
      const found = hexDigest(plan.alg, files[file]);
      need(found === record[field][0], "hash", { file, expected: record[field][0], found });
    }
    this.key = key;
  }

  // The plan fixed the staff; a remedy that the clerk chose may have raised caps since, and nothing else.
  checkFrozenStaff() {
    const { plan, files } = this;
    const name = FROZEN_STAFF in files ? FROZEN_STAFF : "staff.tsv";
    const found = hexDigest(plan.alg, files[name]);
    need(plan.staffFile === "-" || plan.staffFile === found, "hash", { file: name, expected: plan.staffFile, found });
    if (name === "staff.tsv") return;
    const before = table(name, files[name], 1, 5), after = table("staff.tsv", files["staff.tsv"], 1, 5);
    need(before.length === after.length, "row", { file: "staff.tsv", line: before.length });
    before.forEach((row, i) => {
      const same = [0, 2, 3, 4].every((cell) => row[cell] === after[i][cell]);
      const raised = wholeNumber(row[1], name) <= wholeNumber(after[i][1], "staff.tsv");
      need(same && raised, "row", { file: "staff.tsv", line: i + 1 });
    });
  }

  readTables() {
    const { files } = this;
    this.staff = new Map(table("staff.tsv", files["staff.tsv"], 1, 5).map(([name, cap, lead, group]) =>
      [name, { cap: wholeNumber(cap, "staff.tsv"), lead: lead === "1", group, load: 0 }]));
    this.demand = new Map(table("demand.tsv", files["demand.tsv"], 2, 4).map(([target, group, size, lead]) =>
      [`${target}|${group}`, { target, size: wholeNumber(size, "demand.tsv"), lead: lead === "1", team: [], short: 0 }]));
    this.teams = new Map(table("assign.tsv", files["assign.tsv"], 1, null).map(([target, ...team]) => [target, team]));
    for (const [target, team] of this.teams) {
      const repeated = new Set(team).size !== team.length;
      need(!repeated && team.every((name) => this.staff.has(name)), "match", { target, staff: team.join(" ") });
      for (const name of team) this.staff.get(name).load++;
    }
    this.readPrices(JSON.parse(files["prices.json"]));
  }

  readPrices(prices) {
    const names = { y: this.staff, z: this.demand, u: this.demand };
    for (const [kind, owners] of Object.entries(names)) {
      const table = prices[kind] || {};
      const whole = Object.values(table).every(Number.isSafeInteger);
      const complete = Object.keys(table).length === owners.size && [...owners.keys()].every((name) => name in table);
      need(whole && complete, "malformed", { file: "prices.json", line: 1 });
      for (const [name, owner] of owners) owner[kind] = table[name];
    }
  }

  // Every target is a firm to be visited or a route over some of them, and no firm is visited that was not drawn.
  checkTargets(drawn, toVisit) {
    const wanted = new Set([...this.demand.values()].map((entry) => entry.target));
    const visited = [...this.teams.keys()];
    need(wanted.size === visited.length && visited.every((target) => wanted.has(target)), "match_targets");
    const starts = new Set([...toVisit].map((firm) => firm.slice(0, 18)));
    let covered = 0;
    for (const target of visited) {
      const route = toVisit.has(target) ? null : ROUTE.exec(target);
      const known = toVisit.has(target) || (route && starts.has(route[1]));
      need(known, "match_stranger", { target });
      covered += route ? Number(route[2]) : 1;
    }
    need(covered <= toVisit.size, "match_targets");
    this.outside = visited.filter((target) => !drawn.has(target)).length;
  }

  weigh(target, name, key) {
    const person = this.staff.get(name), wrong = { target, staff: name };
    const demand = person && this.demand.get(`${target}|${person.group}`);
    need(demand && (key === "0" || key === "1"), "match", wrong);
    const cost = parseInt(hexDigest(this.plan.alg, `${this.key}:${target}/${name}`).slice(0, 8), 16);
    const short = demand.lead && key === "0";
    const slack = cost + person.y - demand.z + (short ? demand.u : 0);
    const mine = this.teams.get(target).includes(name);
    need(mine ? slack <= 0 : slack >= 0, "match_cheaper", wrong);
    if (!mine) return;
    this.pairCost += BigInt(cost);
    demand.short += short ? 1 : 0;
    demand.team.push({ name, cost, rank: (demand.lead && key === "1" ? 0 : 2) + (person.lead ? 0 : 1) });
  }

  checkTeams() {
    const members = new Map();
    for (const demand of this.demand.values()) {
      const { target, size, lead, team, short, u } = demand;
      need(team.length === size && (!lead || short < size), "match_team", { target });
      need(u >= 0 && (u === 0 || (lead && short === size - 1)), "match_price", { name: target });
      members.set(target, (members.get(target) || []).concat(team));
    }
    for (const [target, team] of members) {
      team.sort((a, b) => a.rank - b.rank || a.cost - b.cost || compare(a.name, b.name));
      const [lead, ...others] = team.map((member) => member.name);
      const expected = [lead, ...others.sort(compare)].join("\t");
      const found = this.teams.get(target).join("\t");
      need(found === expected, "match_team", { target });
    }
  }

  checkLoads() {
    let spread = 0n;
    for (const [name, { cap, load, y }] of this.staff) {
      const fits = load <= cap && (load === 0 || y >= LOAD_WEIGHT * (load - 1)) && (load >= cap || y <= LOAD_WEIGHT * load);
      need(fits, "match_price", { name });
      spread += BigInt(load) * BigInt(load - 1) / 2n;
    }
    const cost = this.pairCost + BigInt(LOAD_WEIGHT) * spread;
    need(cost.toString() === this.record.cost[0], "match_cost", { expected: this.record.cost[0], found: cost.toString() });
  }
}
