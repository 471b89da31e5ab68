// The page of a visit on the phone: fields, evidence, signatures, and the state of the network in words.
import * as store from "./store.js";
import { Sender } from "./sync.js";
import { Form, warn } from "./form.js";
import { Files } from "./files.js";
import { Signatures } from "./sign.js";
import { clock, make, page, say, today } from "./words.js";

const LOOK_AGAIN = 20000, AWAKE = 300000;
let net = navigator.onLine ? "ok" : "offline", state = page.state, lastTouch = Date.now(), savedAt = "";

const form = new Form(saved), files = new Files(saved), signatures = new Signatures(form, saved);
const sender = new Sender(page.user, heard);

async function saved(fault, after = 0) {
  if (fault) { tellFault(fault.message && !(fault instanceof DOMException) ? fault.message : say("noStore")); }
  else { savedAt = clock(); }
  await draw();
  sender.kick(after);
}

async function heard(news) {
  if (news.net) { net = news.net; }
  if (news.state && news.state.visit === page.visit) { state = news.state; }
  if (news.refused) { refused(news.refused, news.why); }
  await draw();
}

function refused(items, why) {
  const first = items[0], item = document.querySelector("[data-finding='" + first.body.finding + "']");
  if (first.kind === "complete" && item) { warn(item, why); } else { tellFault(why); }
}

function tellFault(text) {
  const box = document.getElementById("fault");
  box.hidden = !text;
  box.textContent = text;
}

// In the queue of the form, so that what is read from the device is never older than what was typed.
function draw() { return form.then(redraw); }

async function redraw() {
  let held = [];
  try { held = await store.all(); } catch { tellFault(say("noStore")); }
  const own = held.filter((item) => item.user === page.user), here = own.filter((item) => item.visit === page.visit);
  form.show(state, here);
  const of = (kind) => here.filter((item) => item.kind === kind && !item.refused);
  files.show(state, of("file"));
  signatures.show(state, of("signature"));
  holds(of("hold"));
  drawNet(own.filter((item) => !item.refused).length, held.length - own.length);
  drawRefused(own.filter((item) => item.refused));
  handIn(own.length);
}

function drawNet(count, foreign) {
  const line = document.getElementById("net"), corner = document.getElementById("saved");
  const texts = {
    ok: foreign ? say("other", { n: foreign }) : "",
    offline: count ? say("offline", { n: count }) : say("offlineClean"),
    trouble: say("trouble", { n: count }),
    signIn: say("signIn", { n: count }),
  };
  line.hidden = !texts[net];
  line.textContent = texts[net];
  if (net === "signIn") {
    const link = make("a", " " + say("signInLink"));
    link.href = "/login/?next=" + encodeURIComponent(location.pathname);
    line.append(link);
  }
  corner.textContent = count ? say("unsent", { n: count }) : savedAt ? say("saved", { s: savedAt }) : "";
  corner.dataset.unsent = count;
}

// What the server would not take stays here, beside the reason, until somebody decides.
function drawRefused(items) {
  const box = document.getElementById("refused");
  box.hidden = !items.length;
  box.replaceChildren();
  if (!items.length) { return; }
  box.append(make("b", say("refused", { n: items.length })));
  items.forEach((item) => {
    const row = make("div", (item.name || item.body.value || "") + " · " + item.refused), seqs = [item.seq];
    [["again", () => store.change(seqs, { refused: "" })], ["discard", () => store.remove(seqs)]].forEach(([word, act]) => {
      const button = make("button", say(word), "btn");
      button.type = "button";
      button.addEventListener("click", () => act().then(() => saved(null, 0)));
      row.append(" ", button);
    });
    box.append(row);
  });
}

function holds(waiting) {
  const list = document.getElementById("holds");
  const rows = state.holds.map((each) => make("li", [each.on, each.what, each.outcome || say("undecided", { s: each.by })].join(" · ")));
  const held = waiting.map((item) => make("li", item.body.what + " · " + say("waiting")));
  list.replaceChildren(...rows, ...held);
}

function handIn(unsent) {
  const button = document.getElementById("hand-in"), why = document.getElementById("why-not");
  const reason = net !== "ok" ? say("onlineOnly") : unsent ? say("unsent", { n: unsent })
    : !form.isComplete ? say("draft") : state.lacking;
  button.hidden = !state.mayHandIn;
  button.disabled = Boolean(reason);
  why.textContent = state.mayHandIn ? reason : state.state;
}

document.getElementById("hand-in").addEventListener("click", () => document.getElementById("sure").showModal());
document.getElementById("sure").addEventListener("close", async (event) => {
  if (event.target.returnValue !== "yes") { return; }
  try {
    const answer = await sender.now(page.visit, "submit");
    if (answer.refused !== undefined) { tellFault(answer.refused); } else { heard({ state: answer }); tellFault(""); }
  } catch { heard({ net: "trouble" }); }
});
document.getElementById("hold-add").addEventListener("click", async () => {
  const what = document.getElementById("hold-what");
  if (!what.value.trim()) { return; }
  const body = { what: what.value.trim(), held_on: today() };
  await store.add({ kind: "hold", user: page.user, visit: page.visit, mark: store.mark(), body });
  what.value = "";
  saved(null, 0);
});

["pointerdown", "keydown"].forEach((name) => document.addEventListener(name, () => { lastTouch = Date.now(); }, { passive: true }));
window.addEventListener("offline", () => heard({ net: "offline" }));
window.addEventListener("online", () => { heard({ net: "ok" }); sender.kick(); });
setInterval(() => {
  // Looking again is no sign of life: a phone that lies on the table is signed out like any other.
  if (!document.hidden && net === "ok" && Date.now() - lastTouch < AWAKE) { sender.state(page.visit).catch(() => {}); }
}, LOOK_AGAIN);

if (navigator.serviceWorker) { navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone/" }).catch(() => {}); }
if (navigator.storage && navigator.storage.persist) { navigator.storage.persist().catch(() => {}); }
draw().then(() => { sender.kick(); document.documentElement.dataset.ready = "1"; });
