// The roster read as it arrives: form, order, hash and root of every row, and the draw made anew on the way.
"use strict";

const TAB = 9;
const LINE_FEED = 10;
const LONGEST_NAME = 22;
const NAME_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => /[0-9A-Z-]/.test(String.fromCharCode(byte)) ? 1 : 0);

// Reads rows strictly; `take(bytes, from, tab, to)` sees each row, `to` being its line feed.
class RowReader {
  constructor(file, alg, take) {
    this.file = file;
    this.tree = new Tree(alg);
    this.take = take;
    this.rest = new Uint8Array(0);
    this.last = new Uint8Array(LONGEST_NAME);
    this.lastLength = 0;
    this.count = 0;
  }

  push(piece) {
    let bytes = piece;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + piece.length);
      bytes.set(this.rest);
      bytes.set(piece, this.rest.length);
    }
    let from = 0;
    for (let to = bytes.indexOf(LINE_FEED); to >= 0; to = bytes.indexOf(LINE_FEED, from)) {
      this.row(bytes, from, to);
      from = to + 1;
    }
    this.rest = bytes.slice(from);
  }

  row(bytes, from, to) {
    this.count++;
    const tab = bytes.indexOf(TAB, from);
    const sound = tab > from && tab < to && tab - from <= LONGEST_NAME && this.follows(bytes, from, tab);
    need(sound, "row", { file: this.file, line: this.count });
    this.tree.add(bytes, from, to);
    this.take(bytes, from, tab, to);
  }

  // Whether the identifier is made of the allowed characters and greater than the one before.
  follows(bytes, from, tab) {
    const { last } = this;
    let order = 0;
    for (let i = 0; from + i < tab; i++) {
      const byte = bytes[from + i];
      if (NAME_BYTES[byte] === 0) return false;
      if (order === 0) order = i < this.lastLength ? byte - last[i] : 1;
      last[i] = byte;
    }
    this.lastLength = tab - from;
    return order > 0;
  }

  end() {
    need(this.rest.length === 0, "malformed", { file: this.file, line: this.count + 1 });
  }
}

// The k + reserve smallest lots of one item and stratum, never many more than that in memory.
class Pile {
  constructor(quota) {
    this.wanted = quota.k + quota.reserve;
    this.lots = [];
    this.count = 0;
    this.tier = this.wanted > 0 ? 9 : -1;
    this.word = 0xffffffff;
  }

  offer(tier, ticket, bytes, from, tab) {
    this.count++;
    if (tier > this.tier) return;
    const word = ((ticket[0] << 24) | (ticket[1] << 16) | (ticket[2] << 8) | ticket[3]) >>> 0;
    if (tier === this.tier && word > this.word) return;
    this.lots.push({ tier, ticket: toHex(ticket), id: String.fromCharCode(...bytes.subarray(from, tab)) });
    if (this.lots.length > 2 * this.wanted + 1024) this.shrink();
  }

  shrink() {
    const lots = this.smallest();
    this.lots = lots;
    const bound = lots[lots.length - 1];
    this.tier = bound.tier;
    this.word = parseInt(bound.ticket.slice(0, 8), 16);
  }

  smallest() {
    return this.lots.sort(byLot).slice(0, this.wanted);
  }
}

function byLot(a, b) {
  return a.tier - b.tier || compare(a.ticket, b.ticket) || compare(a.id, b.id);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// The whole draw from the open roster; `keys` is K by purpose.
class Draw {
  constructor(plan, keys) {
    this.plan = plan;
    this.hash = newHash(plan.alg);
    this.ticket = new Uint8Array(32);
    this.prefixes = plan.purposes.map((purpose) => ENCODER.encode(`${keys[purpose]}:`));
    this.piles = new Map(plan.quotas.map((quota) => [place(quota), new Pile(quota)]));
    this.cells = { next: [], ways: null };
    this.reader = new RowReader("roster.tsv", plan.alg, (...row) => this.row(...row));
  }

  row(bytes, from, tab, to) {
    const ways = this.waysOf(bytes, tab + 1, to);
    for (let purpose = 0; purpose < ways.length; purpose++) {
      if (ways[purpose].length === 0) continue;
      this.hash.reset().update(this.prefixes[purpose]).update(bytes, from, tab).digest(this.ticket);
      for (const { pile, tier } of ways[purpose]) pile.offer(tier, this.ticket, bytes, from, tab);
    }
  }

  // Equal cell texts are parsed once: a letter tree leads from the bytes to the parsed cells.
  waysOf(bytes, from, to) {
    let node = this.cells;
    for (let i = from; i < to; i++) node = node.next[bytes[i]] || (node.next[bytes[i]] = { next: [], ways: null });
    return node.ways || (node.ways = this.parse(String.fromCharCode(...bytes.subarray(from, to))));
  }

  parse(text) {
    const { items, purposes } = this.plan;
    const cells = text.split("\t");
    const line = this.reader.count;
    need(cells.length === items.length, "row", { file: "roster.tsv", line });
    const ways = purposes.map(() => []);
    cells.forEach((cell, i) => {
      if (cell === "-") return;
      const found = new RegExp(`^(${STRATUM})(?:~([0-9]))?$`).exec(cell);
      need(found, "row", { file: "roster.tsv", line });
      const pile = this.piles.get(`${items[i].name}|${found[1]}`);
      need(pile, "stratum", { line, place: `${items[i].name}|${found[1]}` });
      ways[purposes.indexOf(items[i].purpose)].push({ pile, tier: Number(found[2] || 0) });
    });
    return ways;
  }

  // Drawn and reserve of every quota line, in drawing order.
  finish() {
    this.reader.end();
    return this.plan.quotas.map((quota) => {
      const pile = this.piles.get(place(quota));
      need(pile.count === quota.n, "pool", { place: place(quota), expected: quota.n, found: pile.count });
      const lots = pile.smallest();
      return { quota, drawn: lots.slice(0, quota.k), reserve: lots.slice(quota.k) };
    });
  }
}

// The salted leaves of the sealed form: rows are closed, but form, order, hash and root hold.
class Leaves {
  constructor(plan, drawn) {
    this.drawn = drawn;
    this.met = 0;
    this.reader = new RowReader("leaves.tsv", plan.alg, (...row) => this.row(...row));
  }

  row(bytes, from, tab, to) {
    let sound = to - tab === 65;
    for (let i = tab + 1; sound && i < to; i++) {
      sound = (bytes[i] >= 48 && bytes[i] <= 57) || (bytes[i] >= 97 && bytes[i] <= 102);
    }
    need(sound, "row", { file: "leaves.tsv", line: this.reader.count });
    const next = this.drawn[this.met];
    if (next !== undefined && String.fromCharCode(...bytes.subarray(from, tab)) === next) this.met++;
  }

  finish() {
    this.reader.end();
    need(this.met === this.drawn.length, "drawn_absent", { found: this.drawn[this.met] });
  }
}
