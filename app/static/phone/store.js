// What is kept on the device until the server has it: one outbox in IndexedDB, in the order of typing.
const NAME = "on-the-spot";
let opened = null;

function open() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opened = null; };
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    });
    opened.catch(() => { opened = null; });
  }
  return opened;
}

// Runs `work` in one transaction and resolves when it is on the disk, with what `work` handed to its callback.
async function transact(mode, work) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction("outbox", mode, { durability: "strict" });
    let answer;
    transaction.oncomplete = () => resolve(answer);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore("outbox"), (value) => { answer = value; });
  });
}

export function all() {
  return transact("readonly", (store, answer) => {
    const asked = store.getAll();
    asked.onsuccess = () => answer(asked.result);
  });
}

export function add(item) {
  return transact("readwrite", (store, answer) => {
    const asked = store.add({ tried: 0, refused: "", ...item });
    asked.onsuccess = () => answer(asked.result);
  });
}

// An entry that was never tried may still grow while somebody types; afterwards its mark is bound to its value.
export function grow(seq, changes) {
  return transact("readwrite", (store, answer) => {
    const asked = store.get(seq);
    asked.onsuccess = () => {
      const item = asked.result, free = item && !item.tried && !item.refused;
      if (free) { store.put({ ...item, ...changes }); }
      answer(Boolean(free));
    };
  });
}

// The items that `choose` picks, marked as tried in the same transaction.
export function take(choose) {
  return transact("readwrite", (store, answer) => {
    const asked = store.getAll();
    asked.onsuccess = () => {
      const chosen = choose(asked.result);
      chosen.forEach((item) => store.put({ ...item, tried: item.tried + 1 }));
      answer(chosen);
    };
  });
}

export function remove(seqs) {
  return transact("readwrite", (store) => seqs.forEach((seq) => store.delete(seq)));
}

export function change(seqs, changes) {
  return transact("readwrite", (store) => seqs.forEach((seq) => {
    const asked = store.get(seq);
    asked.onsuccess = () => { if (asked.result) { store.put({ ...asked.result, ...changes }); } };
  }));
}

export function clear() {
  if (opened) { opened.then((base) => base.close()); opened = null; }
  return new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = () => resolve();
  });
}

export function mark() {
  if (crypto.randomUUID) { return crypto.randomUUID(); }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
