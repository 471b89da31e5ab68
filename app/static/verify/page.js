// The draw page: starts the worker, says in words what it found, and answers for one firm.
"use strict";

(() => {
  const $ = (id) => document.getElementById(id);
  const box = $("proof");
  if (!box) return;
  const texts = JSON.parse($("verify-texts").textContent);
  const files = box.dataset.files;
  let worker = null;

  function fill(template, values) {
    return template.replace(/\{(\w+)\}/g, (whole, name) => name in values ? worded(values[name]) : whole);
  }

  function worded(value) {
    return typeof value === "number" ? value.toLocaleString("zh-CN", { maximumFractionDigits: 1 }) : String(value);
  }

  function sentence(failed) {
    return fill(texts.differences[failed.code] || texts.differences.broken, { found: failed.code, ...failed.params });
  }

  function say(tone, text, more = "") {
    box.className = `proof ${tone}`;
    $("proof-says").textContent = text;
    $("proof-more").textContent = more;
    $("proof-start").classList.toggle("primary", tone === "wait");
  }

  function show(running) {
    $("proof-bar").hidden = !running;
    $("proof-cancel").hidden = !running;
    $("proof-start").hidden = running;
  }

  function stop() {
    if (worker) {
      worker.onmessage = worker.onerror = null;
      worker.terminate();
    }
    worker = null;
    show(false);
  }

  function start() {
    stop();
    $("proof-steps").replaceChildren();
    $("proof-details").hidden = true;
    $("proof-bar").removeAttribute("value");
    say("run", texts.proof.running);
    show(true);
    worker = new Worker(box.dataset.worker);
    worker.onmessage = ({ data }) => heard(data);
    worker.onerror = () => finish("bad", texts.proof.unfinished);
    worker.postMessage({ base: files });
  }

  function heard(news) {
    if (news.progress !== undefined) progress(news.progress, news.of);
    else if (news.step) note(news);
    else if (news.failed) differs(news.failed);
    else if (news.done) agrees(news.done);
  }

  function progress(rows, all) {
    $("proof-bar").value = all ? rows / all : 1;
    $("proof-more").textContent = fill(texts.proof.progress, { rows, all });
  }

  function note(news) {
    const line = document.createElement("li");
    line.textContent = fill(texts.steps[news.step], news);
    $("proof-steps").append(line);
    $("proof-details").hidden = false;
  }

  function finish(tone, text, more) {
    stop();
    say(tone, text, more);
  }

  function agrees(found) {
    finish("ok", found.sealed ? texts.proof.agrees_sealed : texts.proof.agrees, fill(texts.proof.summary, found));
  }

  // A file that could not be fetched proves nothing either way.
  function differs(failed) {
    const unfinished = ["fetch", "broken", "hash_broken"].includes(failed.code);
    finish(unfinished ? "warn" : "bad", unfinished ? texts.proof.unfinished : texts.proof.differs, sentence(failed));
  }

  $("proof-start").addEventListener("click", start);
  $("proof-cancel").addEventListener("click", () => finish("wait", texts.proof.cancelled));
  show(false);
  if ("atOnce" in box.dataset) start();

  // One firm.
  const form = $("firm-form"), answer = $("firm-answer");
  const words = texts.firm;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("run", words.asking);
    const reply = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "omit" }).catch(() => null);
    const given = reply && reply.headers.get("Content-Type").startsWith("application/json") ? await reply.json() : null;
    if (!given) return tell("bad", words.unreachable);
    if (!reply.ok) return tell("bad", given.sentence);
    return judge(given);
  });

  function judge(given) {
    const judging = new Worker(box.dataset.worker);
    judging.onmessage = ({ data }) => {
      judging.terminate();
      if (data.failed) tell("bad", fill(words.failed, { reason: sentence(data.failed) }));
      else showCase(given, data.done);
    };
    judging.onerror = () => tell("bad", texts.proof.unfinished);
    judging.postMessage({ base: files, firm: given });
  }

  function tell(tone, text) {
    const note = document.createElement("div");
    note.className = `note ${tone}`;
    note.textContent = text;
    answer.replaceChildren(note);
  }

  // The verdict is the worker's; the server's word is used for the rank and, of a sealed draw, the list.
  function showCase(given, found) {
    const list = document.createElement("dl");
    list.className = "kv case";
    const put = (label, value, css = "") => {
      const term = document.createElement("dt"), detail = document.createElement("dd");
      term.textContent = label;
      detail.textContent = value;
      detail.className = css;
      list.append(term, detail);
    };
    putVerdict(put, given, found);
    if (found.verdict === "absent") putNeighbours(put, given, found);
    else put(words.on_roster, fill(words.row_holds, found));
    if (given.row) put(words.row, given.row.replace(/\t/g, "  "), "hash");
    if (given.salt) put(words.salt, given.salt, "hash");
    for (const standing of found.standings) putStanding(put, given, standing);
    for (const swap of given.swapped) put("", fill(words.swapped, swap));
    for (const lot of given.lots) {
      if (!given.row) put(words.ticket, lot.ticket, "hash");
      put(words.shell, lot.shell, "hash command");
    }
    answer.replaceChildren(list);
  }

  function putVerdict(put, given, found) {
    if (found.verdict !== "locked") return put(words.conclusion, words[found.verdict], `verdict ${found.verdict}`);
    put(words.conclusion, given.verdict === "drawn" ? words.locked_drawn : words.locked_not_drawn, `verdict ${given.verdict}`);
    return put("", words.locked);
  }

  function putNeighbours(put, given, found) {
    const { left, right } = given.exclusion;
    const name = (side) => side ? side.row.split("\t")[0] : words.end;
    put(words.on_roster, fill(words.absent_holds, found));
    put(words.neighbours, `${name(left)} — ${name(right)}`, "code");
  }

  function putStanding(put, given, standing) {
    const { item, stratum, tier, ticket, cutoff, drawn } = standing;
    const rank = given.ranks[item];
    put(words.item, `${item} · ${words.stratum} ${stratum}${tier ? ` · ${fill(words.tier, { tier })}` : ""}`);
    put(words.ticket, `${ticket}（${words.ticket_note}）`, "hash");
    put(words.cutoff, cutoff ? `${cutoff} — ${reason(standing)}` : words.nobody, "hash");
    if (drawn && rank) put("", fill(words.rank, { rank }));
  }

  function reason({ tier, cutoffTier, drawn }) {
    if (tier !== cutoffTier) return drawn ? words.tier_smaller : words.tier_greater;
    return drawn ? words.smaller : words.greater;
  }
})();
