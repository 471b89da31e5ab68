// The list of visits: puts the next ones on the device, and says what waits there.
import * as store from "./store.js";
import { Sender } from "./sync.js";
import { make, page, say } from "./words.js";

const sender = new Sender(page.user, draw);

async function draw(news = {}) {
  const held = await store.all().catch(() => []), own = held.filter((item) => item.user === page.user);
  const line = document.getElementById("net"), foreign = held.length - own.length;
  const text = own.length ? say(news.net === "signIn" ? "signIn" : navigator.onLine ? "unsent" : "offline", { n: own.length })
    : foreign ? say("other", { n: foreign }) : navigator.onLine ? "" : say("offlineClean");
  line.hidden = !text;
  line.textContent = text;
  document.querySelectorAll("[data-visit]").forEach((card) => {
    const count = own.filter((item) => String(item.visit) === card.dataset.visit).length, mark = card.querySelector("[data-unsent]");
    mark.replaceChildren(...(count ? [make("span", say("unsent", { n: count }), "tag warn")] : []));
  });
}

async function carry() {
  if (!navigator.serviceWorker || !window.caches) { return; }
  await navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone/" });
  const shelf = await caches.open("phone-shelf-1");
  const pages = ["/phone/", ...[...document.querySelectorAll("[data-carry]")].map((link) => link.getAttribute("href"))];
  let count = 0;
  for (const path of pages) {
    const answer = await fetch(path, { cache: "no-store" }).catch(() => null);
    if (answer && answer.ok && !answer.redirected) { await shelf.put(path, answer); count += 1; }
  }
  if (count > 1) { document.getElementById("carried").textContent = say("carried", { n: count - 1 }); }
}

window.addEventListener("online", () => draw());
window.addEventListener("offline", () => draw());
draw();
sender.kick();
if (navigator.onLine) { carry().catch(() => {}); }
