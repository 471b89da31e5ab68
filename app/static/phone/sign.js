// Signatures on the screen: strokes with their times, and the picture they make.
import * as store from "./store.js";
import { place } from "./place.js";
import { make, page, say } from "./words.js";

const FEWEST = 6;

export class Signatures {
  constructor(form, saved) {
    this.form = form;
    this.saved = saved;
    this.pad = document.getElementById("pad");
    this.canvas = this.pad.querySelector("canvas");
    this.refusal = document.getElementById("refusal");
    this.listen();
    document.addEventListener("click", (event) => this.clicked(event));
  }

  clicked(event) {
    const sign = event.target.closest("[data-sign]"), refuse = event.target.closest("[data-refuse]");
    if (sign) { this.begin(sign); }
    if (refuse && this.allowed()) { this.refusal.showModal(); }
    if (event.target.closest("[data-wipe]")) { this.wipe(); }
    if (event.target.closest("[data-keep]")) { this.keep(); }
    if (event.target.closest("[data-keep-refusal]")) { this.keepRefusal(); }
    const close = event.target.closest("[data-close]");
    if (close) { close.closest("dialog").close(); }
  }

  allowed() {
    const note = document.getElementById("sign-fault"), ready = this.form.isComplete;
    note.hidden = ready;
    note.textContent = ready ? "" : say("completeFirst");
    return ready;
  }

  begin(button) {
    if (!this.allowed()) { return; }
    this.who = { role: button.dataset.sign, inspector: button.dataset.inspector || null };
    this.pad.querySelector("h2").textContent = button.dataset.title;
    this.pad.querySelector("[data-name]").hidden = this.who.role !== "enterprise";
    this.pad.showModal();
    const box = this.canvas.getBoundingClientRect(), fine = window.devicePixelRatio || 1;
    this.canvas.width = box.width * fine;
    this.canvas.height = box.height * fine;
    this.pen = this.canvas.getContext("2d");
    this.pen.scale(fine, fine);
    this.wipe();
  }

  wipe() {
    this.strokes = [];
    this.pen.fillStyle = "#fff";
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.pen.lineWidth = 2.5;
    this.pen.lineCap = this.pen.lineJoin = "round";
    this.fault("");
  }

  fault(text) {
    const line = this.pad.querySelector(".error");
    line.textContent = text;
  }

  listen() {
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top, Date.now()].map((n) => Math.round(n * 10) / 10);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.stroke = [at(event)];
      this.strokes.push(this.stroke);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (!this.stroke) { return; }
      const from = this.stroke[this.stroke.length - 1], to = at(event);
      this.pen.beginPath();
      this.pen.moveTo(from[0], from[1]);
      this.pen.lineTo(to[0], to[1]);
      this.pen.stroke();
      this.stroke.push(to);
    });
    ["pointerup", "pointercancel"].forEach((name) => this.canvas.addEventListener(name, () => { this.stroke = null; }));
  }

  async keep() {
    const name = document.getElementById("signer").value.trim();
    if (this.who.role === "enterprise" && !name) { this.fault(say("nameFirst")); return; }
    if (this.strokes.reduce((sum, stroke) => sum + stroke.length, 0) < FEWEST) { this.fault(say("draw")); return; }
    const picture = this.canvas.toDataURL("image/png").split(",")[1];
    this.pad.close();
    await this.put({ ...this.who, name, strokes: this.strokes, picture });
  }

  async keepRefusal() {
    const [reason, witness, name] = ["refusal-reason", "refusal-witness", "refusal-name"].map((id) => document.getElementById(id).value.trim());
    this.refusal.querySelector(".error").textContent = reason ? "" : say("reasonFirst");
    if (!reason) { return; }
    this.refusal.close();
    await this.put({ role: "enterprise", refusal: reason, witness, name });
  }

  async put(said) {
    const body = { ...said, at: new Date().toISOString(), form: this.form.text(), ...(await place()) };
    await store.add({ kind: "signature", user: page.user, visit: page.visit, mark: store.mark(), body });
    this.saved(null, 0);
  }

  show(state, waiting) {
    document.querySelectorAll("[data-signer]").forEach((row) => {
      const [role, inspector] = row.dataset.signer.split("/");
      const fits = (each) => each.role === role && String(each.inspector || "") === inspector;
      const kept = state.signatures.filter(fits).pop(), held = waiting.filter((item) => fits(item.body)).pop();
      const line = row.querySelector("[data-signed]");
      const [text, tone] = standing(kept, held);
      line.replaceChildren(make("span", text, "tag " + tone));
    });
  }
}

function standing(kept, held) {
  if (held) { return [say("waiting"), "warn"]; }
  if (!kept) { return [say("unsigned"), ""]; }
  const name = kept.name === "—" ? "" : kept.name + " ";
  if (!kept.holds) { return [say("stale", { s: name + kept.at }), "bad"]; }
  if (kept.refusal) { return [say("refusedToSign", { s: kept.refusal }), "warn"]; }
  return [say("signed", { s: name + kept.at }), "ok"];
}
