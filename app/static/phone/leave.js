// Signing out: says what has not been sent yet, and leaves nothing on the device.
import * as store from "./store.js";

const form = document.querySelector("form[data-sign-out]");

async function look() {
  const known = indexedDB.databases ? (await indexedDB.databases()).some((base) => base.name === "on-the-spot") : true;
  const count = known ? (await store.all()).length : 0;
  if (count) { form.dataset.confirm = form.dataset.unsent.replace("{n}", count); } else { delete form.dataset.confirm; }
}

if (form && window.indexedDB) {
  look().catch(() => {});
  form.closest("details").addEventListener("toggle", () => look().catch(() => {}));
  form.addEventListener("submit", () => {
    if (form.dataset.confirm && !form.dataset.confirmed) { return; }
    store.clear();
    if (window.caches) { caches.keys().then((names) => names.forEach((name) => caches.delete(name))); }
  });
}
