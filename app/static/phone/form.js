// The fields of the form: what the server has, what waits on this device, and what a colleague wrote.
import * as store from "./store.js";
import { make, page, say, today } from "./words.js";

const TYPING = 700;

export class Form {
  constructor(saved) {
    this.saved = saved;          // called when something was put on the device
    this.state = page.state;
    this.waiting = [];           // the outbox of this visit
    this.open = {};              // the newest entry of a field while somebody is still typing it
    this.typed = {};             // what was typed a moment ago and is on its way to the device
    this.queue = Promise.resolve();
    this.steps = 0;
    this.items = [...document.querySelectorAll("[data-finding]")];
    document.addEventListener("input", (event) => this.heard(event, false));
    document.addEventListener("change", (event) => this.heard(event, true));
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("visibilitychange", () => { if (document.hidden) { this.seal(); } });
  }

  heard(event, final) {
    const slot = event.target.closest("[data-slot]");
    if (!slot || !event.target.matches("[data-input]")) { return; }
    const finding = slot.closest("[data-finding]").dataset.finding, field = slot.dataset.slot;
    if (field === "result") { exclude(slot, event.target); }
    this.type(finding, field, read(slot), final || event.target.type !== "textarea" && event.target.type !== "text");
    this.follow(slot.closest("[data-finding]"));
  }

  clicked(event) {
    const button = event.target.closest("[data-all-clear]");
    if (button) { this.clear(button.closest("[data-finding]")); }
    const pick = event.target.closest("[data-pick]");
    if (pick) { this.choose(pick); }
    const done = event.target.closest("[data-complete]");
    if (done) { this.complete(done.closest("[data-finding]")); }
  }

  // One step after the other, so that entries reach the device in the order of typing.
  then(work) {
    this.steps += 1;
    document.documentElement.dataset.busy = "1";
    const done = () => {
      this.steps -= 1;
      if (!this.steps) { delete document.documentElement.dataset.busy; }
    };
    this.queue = this.queue.then(work).catch((fault) => { this.saved(fault); }).then(done);
    return this.queue;
  }

  type(finding, field, value, final) {
    const key = finding + "/" + field;
    this.typed[key] = value;
    return this.then(async () => {
      await this.keep(key, finding, field, value, final);
      if (this.typed[key] === value) { delete this.typed[key]; }
    });
  }

  async keep(key, finding, field, value, final) {
    const held = this.open[key], at = new Date().toISOString();
    if (final) { delete this.open[key]; }
    if ((held ? held.value : this.kept(finding, field)) === value) { return; }
    const body = { finding: Number(finding), field, value, at, seen: this.seen(finding, field) };
    if (held && (await store.grow(held.seq, { body }))) {
      held.value = value;
      this.waiting.filter((item) => item.seq === held.seq).forEach((item) => { item.body = body; });
    } else {
      const item = { kind: "entry", user: page.user, visit: page.visit, mark: store.mark(), body };
      const seq = await store.add(item);
      this.waiting.push({ ...item, seq, tried: 0, refused: "" });
      if (!final) { this.open[key] = { seq, value }; }
    }
    this.saved(null, final ? 50 : TYPING);
  }

  seal() { this.then(() => { this.open = {}; this.saved(null, 0); }); }

  // The newest entry that this reader has had before them; while two values stand beside each other, the one before.
  seen(finding, field) {
    const said = this.state.findings[finding].fields[field];
    if (said && said.others) { return Math.max(0, lowest(said) - 1); }
    return said ? said.n : 0;
  }

  shown(finding, field) {
    const fresh = this.typed[finding + "/" + field];
    return fresh === undefined ? this.kept(finding, field) : fresh;
  }

  kept(finding, field) {
    const own = this.waiting.filter((item) => item.kind === "entry" && !item.refused
      && item.body.finding === Number(finding) && item.body.field === field);
    if (own.length) { return own[own.length - 1].body.value; }
    const said = this.state.findings[finding].fields[field];
    return said ? said.v : "";
  }

  // A new word of the server, or of the device; a field that somebody is typing in is left alone.
  show(state, waiting) {
    this.state = state;
    this.waiting = waiting;
    this.items.forEach((item) => this.draw(item));
  }

  draw(item) {
    const finding = item.dataset.finding, said = this.state.findings[finding];
    item.querySelector("fieldset.whole").disabled = !said.open;
    item.querySelectorAll("[data-slot]").forEach((slot) => {
      const value = this.shown(finding, slot.dataset.slot);
      if (!slot.contains(document.activeElement) || !isText(document.activeElement)) { write(slot, value); }
      this.rivals(slot, said.fields[slot.dataset.slot]);
    });
    this.follow(item);
    this.unfold(item);
    this.tell(item, said);
  }

  // What is ticked or disputed is never folded away.
  unfold(item) {
    item.querySelectorAll("details.fold:not([open])").forEach((fold) => {
      if (fold.querySelector(".rival") || fold.closest("[data-slot=result]") && fold.querySelector("input:checked")) {
        fold.open = true;
      }
    });
  }

  // What hangs on the chosen results: problem and its day, the evidence that is needed, what stands alone.
  follow(item) {
    const chosen = [...item.querySelectorAll("[data-slot=result] input:checked")];
    const results = item.querySelector("[data-slot=result]");
    exclude(results, null);
    const problem = chosen.some((box) => "problem" in box.dataset), breach = chosen.some((box) => "breach" in box.dataset);
    item.querySelectorAll("[data-when=problem]").forEach((part) => { part.hidden = !problem; });
    item.querySelectorAll("[data-when=breach]").forEach((part) => { part.hidden = !breach; });
    const needs = chosen.map((box) => box.dataset.needs).filter(Boolean).join("；");
    const hint = item.querySelector("[data-needs-hint]");
    hint.hidden = !needs;
    hint.textContent = needs ? say("needs", { s: needs }) : "";
    this.limitation(item);
    const points = item.querySelectorAll("[data-point]"), answered = item.querySelectorAll("[data-point] input:checked");
    const chip = document.querySelector("[data-progress='" + item.dataset.finding + "']");
    if (chip) { chip.textContent = answered.length + "/" + points.length; }
  }

  limitation(item) {
    const day = item.querySelector("[data-slot=violation_on] input").value, old = new Date();
    old.setFullYear(old.getFullYear() - 2);
    item.querySelector("[data-barred]").hidden = !(day && new Date(day) < old);
  }

  tell(item, said) {
    const finding = Number(item.dataset.finding);
    const asked = this.waiting.some((each) => each.kind === "complete" && each.body.finding === finding);
    const typed = this.waiting.some((each) => each.kind === "entry" && each.body.finding === finding);
    const line = item.querySelector("[data-standing]");
    const isDone = said.version && said.clean && !typed && said.state !== "returned";
    line.textContent = asked ? say("completing") : isDone ? say("completed", { n: said.version })
      : said.version ? say("changed") : say("draft");
    line.className = "tag " + (asked ? "run" : isDone ? "ok" : said.version ? "warn" : "");
    item.dataset.done = isDone || asked ? "1" : "";
    const back = item.querySelector("[data-returned]");
    back.hidden = !said.returned;
    back.textContent = said.returned ? say("returned", { s: said.returned }) : "";
    const bar = item.querySelector("[data-obstacle]");
    bar.hidden = !said.obstacle;
    bar.textContent = said.obstacle || "";
    const button = item.querySelector("[data-complete]");
    if (button) { button.hidden = !said.open; button.disabled = Boolean(isDone || asked); }
  }

  rivals(slot, said) {
    slot.querySelectorAll(".rival").forEach((old) => old.remove());
    ((said && said.others) || []).forEach((other) => {
      const box = make("div", "", "rival note warn");
      const theirs = said.mine ? other : said, mine = said.mine ? said : other;
      box.append(make("div", say("another", { s: theirs.by + " " + theirs.at })), make("div", spoken(slot, theirs.v), "said"));
      const act = make("div", "", "bar");
      [["takeTheirs", theirs.v], ["keepMine", mine.v]].forEach(([word, value]) => {
        const button = make("button", say(word), "btn");
        button.type = "button";
        button.dataset.pick = value;
        act.append(button);
      });
      box.append(act);
      slot.append(box);
    });
  }

  // A choice has seen everything, so that it ends the dispute.
  choose(button) {
    const slot = button.closest("[data-slot]"), finding = slot.closest("[data-finding]").dataset.finding;
    const field = slot.dataset.slot, value = button.dataset.pick;
    const seen = this.state.findings[finding].newest;
    return this.then(async () => {
      const body = { finding: Number(finding), field, value, at: new Date().toISOString(), seen };
      await store.add({ kind: "entry", user: page.user, visit: page.visit, mark: store.mark(), body });
      delete this.open[finding + "/" + field];
      write(slot, value);
      this.saved(null, 0);
    });
  }

  // 全选未发现问题: every point, the result and the follow-up that go with it.
  clear(item) {
    const finding = item.dataset.finding;
    item.querySelectorAll("[data-point]").forEach((slot) => this.put(finding, slot, "ok"));
    this.put(finding, item.querySelector("[data-slot=result]"), item.dataset.noIssue);
    this.put(finding, item.querySelector("[data-slot=disposal]"), item.dataset.noFollowUp);
    this.follow(item);
  }

  put(finding, slot, value) {
    write(slot, value);
    this.type(finding, slot.dataset.slot, value, true);
  }

  fault(item) {
    const chosen = [...item.querySelectorAll("[data-slot=result] input:checked")];
    if (!chosen.length) { return say("noResult"); }
    const missing = item.querySelectorAll("[data-point]").length - item.querySelectorAll("[data-point] input:checked").length;
    return missing && !chosen.some((box) => "ends" in box.dataset) ? say("pointsMissing", { n: missing }) : "";
  }

  complete(item) {
    const finding = Number(item.dataset.finding), fault = this.fault(item);
    warn(item, fault);
    if (fault) { return null; }
    const day = item.querySelector("[data-slot=checked_on]");
    this.type(item.dataset.finding, "checked_on", read(day), true);
    return this.then(async () => {
      this.open = {};
      const body = { finding, seen: this.state.findings[finding].newest };
      await store.add({ kind: "complete", user: page.user, visit: page.visit, mark: store.mark(), body });
      this.saved(null, 0);
    });
  }

  // The whole form as it stands on the screen: what a signature stands under.
  text() {
    const form = {};
    this.items.forEach((item) => {
      const fields = {};
      item.querySelectorAll("[data-slot]").forEach((slot) => {
        const value = read(slot);
        if (value) { fields[slot.dataset.slot] = value; }
      });
      form[item.dataset.finding] = fields;
    });
    return form;
  }

  get isComplete() { return this.items.every((item) => item.dataset.done); }
}

export function warn(item, text) {
  const box = item.querySelector("[data-fault]");
  box.hidden = !text;
  box.textContent = text;
  if (text) { box.scrollIntoView({ block: "nearest" }); }
}

function lowest(said) { return Math.min(said.n, ...said.others.map((each) => each.n)); }

function isText(element) { return element.matches("textarea, input:not([type=radio]):not([type=checkbox])"); }

function read(slot) {
  const boxes = [...slot.querySelectorAll("input[type=radio], input[type=checkbox]")];
  if (boxes.length) { return boxes.filter((box) => box.checked).map((box) => box.value).join(","); }
  return slot.querySelector("[data-input]").value;
}

function write(slot, value) {
  const boxes = slot.querySelectorAll("input[type=radio], input[type=checkbox]"), chosen = value.split(",");
  if (boxes.length) { boxes.forEach((box) => { box.checked = value !== "" && chosen.includes(box.value); }); return; }
  const input = slot.querySelector("[data-input]");
  const fallback = slot.dataset.slot === "checked_on" && !value ? today() : value;
  if (input.value !== fallback) { input.value = fallback; }
}

// The words of a value: the labels of what is ticked, or the text itself.
function spoken(slot, value) {
  if (!value) { return say("empty"); }
  const labels = value.split(",").map((each) => {
    const box = slot.querySelector("input[value='" + CSS.escape(each) + "']");
    return box ? box.closest("label").textContent.trim() : each;
  });
  return labels.join("；");
}

// Some results stand alone: while one of them is chosen the others cannot be, and the other way round (R53).
function exclude(slot, changed) {
  const boxes = [...slot.querySelectorAll("input")];
  if (changed && changed.checked && "alone" in changed.dataset) {
    boxes.forEach((box) => { if (box !== changed) { box.checked = false; } });
  }
  const chosen = boxes.filter((box) => box.checked), alone = chosen.find((box) => "alone" in box.dataset);
  boxes.forEach((box) => {
    box.disabled = Boolean(alone ? box !== alone : chosen.length && "alone" in box.dataset);
  });
}
