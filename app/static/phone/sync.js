// Sends the outbox in its order, again and again until the server has said that it is kept or why it is not.
import * as store from "./store.js";

const BATCH = 100, PATIENCE = 20000, PATIENCE_FILE = 300000, SHORTEST = 1000, LONGEST = 30000;
const SMALL = ["entry", "complete", "signature", "hold"], LARGE = ["file"];

class Unreachable extends Error {}
class SignedOut extends Error {}

export class Sender {
  // `news` is told: {net, state, refused, why}. `user` is whose page this is; only their items are sent.
  constructor(user, news) {
    this.user = user;
    this.news = news;
    this.token = null;
    this.lanes = { small: { kinds: SMALL, wait: SHORTEST }, large: { kinds: LARGE, wait: SHORTEST } };
    window.addEventListener("online", () => this.kick());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { this.kick(); } });
  }

  kick(after = 0) {
    Object.values(this.lanes).forEach((lane) => {
      lane.wait = SHORTEST;
      this.plan(lane, after);
    });
  }

  plan(lane, after) {
    const at = Date.now() + after;
    if (lane.timer && lane.at <= at) { return; }
    clearTimeout(lane.timer);
    lane.at = at;
    lane.timer = setTimeout(() => { lane.timer = null; this.run(lane); }, after);
  }

  async run(lane) {
    if (lane.running) { lane.again = true; return; }
    lane.running = true;
    lane.again = false;
    try {
      await this.alone(lane, () => this.drain(lane));
      lane.wait = SHORTEST;
      this.news({ net: "ok" });
    } catch (fault) {
      this.news({ net: fault instanceof SignedOut ? "signIn" : navigator.onLine ? "trouble" : "offline" });
      lane.wait = Math.min(lane.wait * 2, LONGEST);
      if (!(fault instanceof SignedOut)) { this.plan(lane, lane.wait); }
    } finally {
      lane.running = false;
      if (lane.again) { this.plan(lane, 0); }
    }
  }

  // Two tabs do not send the same outbox at a time, where the browser can see to that.
  alone(lane, work) {
    return navigator.locks ? navigator.locks.request("outbox-" + lane.kinds[0], work) : work();
  }

  async drain(lane) {
    for (;;) {
      const items = await store.take((held) => this.next(held, lane.kinds));
      if (!items.length) { return; }
      const answer = await this.post(items);
      if (answer.refused === undefined) {
        this.news({ net: "ok", state: answer });
        await store.remove(items.map((item) => item.seq));
        this.news({});
      } else {
        await this.refuse(items, answer);
      }
    }
  }

  next(held, kinds) {
    const own = held.filter((item) => item.user === this.user && !item.refused && kinds.includes(item.kind));
    const first = own[0];
    if (!first || first.kind !== "entry") { return own.slice(0, 1); }
    const end = own.findIndex((item) => item.kind !== "entry" || item.visit !== first.visit);
    return own.slice(0, Math.min(end < 0 ? own.length : end, BATCH));
  }

  // A step that is refused goes, with the reason on the page; what was typed stays on the device beside it.
  async refuse(items, answer) {
    const wrong = items.filter((item) => item.mark === answer.mark);
    const struck = wrong.length ? wrong : items;
    const step = ["complete", "signature", "hold"].includes(struck[0].kind);
    const seqs = struck.map((item) => item.seq);
    await (step ? store.remove(seqs) : store.change(seqs, { refused: answer.refused }));
    this.news({ refused: struck, why: answer.refused });
  }

  async post(items) {
    const first = items[0], [path, body] = request(items);
    const patience = first.kind === "file" ? PATIENCE_FILE : PATIENCE;
    for (let attempt = 0; ; attempt++) {
      await this.enter(attempt > 0);
      const headers = { "X-CSRFToken": this.token, Accept: "application/json" };
      if (typeof body === "string") { headers["Content-Type"] = "application/json"; }
      const answer = await reach("visits/" + first.visit + "/" + path, { method: "POST", headers, body }, patience);
      if (answer.status === 400 && attempt === 0) { continue; }
      if (answer.status === 200 || answer.status === 422) { return answer.json().catch(() => { throw new Unreachable(); }); }
      if (answer.type === "opaqueredirect" || answer.status === 401) { throw new SignedOut(); }
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) { throw new Unreachable(); }
      const said = await answer.json().catch(() => ({}));
      return { refused: said.message || String(answer.status) };
    }
  }

  // Who is signed in, and the token of the session; asked anew after a refusal.
  async enter(anew) {
    if (this.token && !anew) { return; }
    const answer = await reach("session", { headers: { Accept: "application/json" } }, PATIENCE);
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { throw new SignedOut(); }
    if (!answer.ok) { throw new Unreachable(); }
    const said = await answer.json().catch(() => { throw new Unreachable(); });
    if (said.user !== this.user) { throw new SignedOut(); }
    this.token = said.token;
  }

  async state(visit) {
    const answer = await reach("visits/" + visit + "/state", { headers: { Accept: "application/json" } }, PATIENCE);
    if (answer.ok) { this.news({ net: "ok", state: await answer.json() }); }
  }

  // A step that is not kept on the device, such as handing in.
  async now(visit, kind) {
    return this.post([{ kind, visit }]);
  }
}

async function reach(path, options, patience) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch("/phone/" + path, { ...options, redirect: "manual", cache: "no-store", signal: stop.signal });
  } catch {
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

function request(items) {
  const first = items[0];
  if (first.kind === "entry") {
    const entries = items.map((item) => ({ id: item.mark, ...item.body }));
    return ["entries", JSON.stringify({ entries })];
  }
  if (first.kind === "complete") { return ["findings/" + first.body.finding + "/complete", JSON.stringify(first.body)]; }
  if (first.kind === "signature") { return ["signatures", JSON.stringify({ id: first.mark, ...first.body })]; }
  if (first.kind === "hold") { return ["holds", JSON.stringify({ id: first.mark, ...first.body })]; }
  if (first.kind === "submit") { return ["submit", "{}"]; }
  const form = new FormData();
  Object.entries({ id: first.mark, ...first.body }).forEach(([name, value]) => form.append(name, value ?? ""));
  form.append("file", first.blob, first.name);
  return ["files", form];
}
