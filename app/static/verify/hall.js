// The draw hall: asks every other second what the server has recorded, and shows that, one thing after another.
"use strict";

(() => {
  const hall = document.getElementById("hall");
  const words = JSON.parse(document.getElementById("hall-words").textContent);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const ASK_MS = 2000, LOT_MS = 700, LETTER_MS = 60;
  const pause = (ms) => new Promise((resume) => setTimeout(resume, calm ? 0 : ms));
  const shownSeeds = new Set();
  let finished = false;

  function make(tag, css, text) {
    const element = document.createElement(tag);
    element.className = css;
    element.textContent = text;
    return element;
  }

  function showStage(stage) {
    const line = document.getElementById("hall-stage");
    line.textContent = words[stage] || "";
    line.hidden = !words[stage];
    line.classList.toggle("done", stage === "drawn");
  }

  async function showSeeds(seeds) {
    for (const [place, seed] of seeds.entries()) {
      if (!seed.value || shownSeeds.has(place)) continue;
      shownSeeds.add(place);
      const line = hall.querySelector(`[data-seed="${place}"]`);
      line.classList.remove("waiting");
      line.textContent = "";
      for (const letter of seed.value) {
        line.textContent += letter;
        await pause(LETTER_MS);
      }
    }
  }

  async function showGroup(group) {
    const list = make("ol", "lots", "");
    document.getElementById("hall-groups").append(make("h2", "", `${group.title} · ${group.count}`), list);
    for (const lot of group.lots) {
      const line = make("li", "new", "");
      line.append(make("b", "", lot.name), make("span", "code", `${lot.identifier}  ${lot.ticket.slice(0, 16)}…`));
      list.append(line);
      line.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
      await pause(LOT_MS);
    }
    const left = group.count - group.lots.length;
    if (left > 0) list.after(make("p", "rule", words.more.replace("{count}", left)));
    if (group.cutoff) list.after(make("p", "cut", `${words.cutoff} ${group.cutoff}`));
  }

  async function ask() {
    const answer = await fetch(hall.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
    document.getElementById("hall-lost").textContent = answer && answer.ok ? "" : words.lost;
    return answer && answer.ok ? answer.json() : null;
  }

  async function follow() {
    while (!finished) {
      const state = await ask();
      if (state) await show(state);
      if (!finished) await new Promise((resume) => setTimeout(resume, ASK_MS));
    }
  }

  async function show(state) {
    // A roster frozen or voided meanwhile changes the whole page.
    if ((state.stage === "none") !== (hall.dataset.stage === "none")) {
      location.reload();
      return;
    }
    if (state.stage === "none") return;
    await showSeeds(state.seeds);
    showStage(state.stage);
    for (const group of state.groups) await showGroup(group);
    finished = state.stage === "drawn";
  }

  showStage(hall.dataset.stage === "drawn" ? "seeded" : hall.dataset.stage);
  follow();
})();
