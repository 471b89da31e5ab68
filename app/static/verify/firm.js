// One firm's case, decided here from the records and the proof, whatever the server says of it.
"use strict";

// texts: plan.txt, seed.txt, result.txt; given: {identifier, row, salt, inclusion, exclusion}.
function checkFirm(texts, given) {
  need(hashesWork(), "hash_broken");
  const plan = readPlan(texts["plan.txt"]);
  checkPlan(plan);
  checkSeed(plan, texts["seed.txt"]);
  const seedHash = hexDigest(plan.alg, texts["seed.txt"]);
  const keys = Object.fromEntries(plan.purposes.map((purpose) => [purpose, drawKey(plan.alg, purpose, seedHash)]));
  const { lines, outcomes } = readResult(texts["result.txt"]);
  resultHead(plan, seedHash, keys).forEach((line, i) => need(lines[i] === line, "line", {
    file: "result.txt", line: i + 1, expected: line, found: lines[i] || "",
  }));
  if (given.exclusion) {
    need(isExcluded(plan.alg, given.identifier, given.exclusion, plan.n, plan.root), "proof");
    return { verdict: "absent", rows: plan.n, standings: [] };
  }
  const { inclusion } = given;
  const named = inclusion && cut(inclusion.row, "\t")[0] === given.identifier;
  need(named && isIncluded(plan.alg, inclusion, plan.n, plan.root), "proof");
  const found = { line: inclusion.index + 1, steps: inclusion.path.length, rows: plan.n };
  if (!given.row) return { verdict: "locked", ...found, standings: [] };
  const leaf = plan.sealed ? saltedRow(plan.alg, given.salt, given.row) : given.row;
  need(leaf === inclusion.row, "proof");
  const standings = standingsOf(plan, keys, outcomes, given.identifier, given.row);
  return { verdict: standings.some((each) => each.drawn) ? "drawn" : "not_drawn", ...found, standings };
}

function saltedRow(alg, salt, row) {
  return `${cut(row, "\t")[0]}\t${hexDigest(alg, `ssj/1/salt\n${salt}\n${row}`)}`;
}

function standingsOf(plan, keys, outcomes, identifier, row) {
  const [, ...cells] = row.split("\t");
  need(cells.length === plan.items.length, "proof");
  return plan.items.map(({ name, purpose }, i) => {
    if (cells[i] === "-") return null;
    const [stratum, tier] = cells[i].split("~");
    const outcome = outcomes.find((each) => each.item === name && each.stratum === stratum);
    need(outcome, "stratum", { line: 1, place: `${name}|${stratum}` });
    const ticket = ticketOf(plan.alg, keys[purpose], identifier);
    const own = Number(tier || 0);
    const ahead = outcome.tier !== null && (own < outcome.tier || (own === outcome.tier && ticket <= outcome.ticket));
    return { item: name, stratum, tier: own, ticket, cutoff: outcome.ticket, cutoffTier: outcome.tier, drawn: ahead };
  }).filter(Boolean);
}
