// The RFC 6962 tree over the roster: root from rows as they come, membership and non-membership proofs.
"use strict";

const LEAF_MARK = Uint8Array.of(0);
const NODE_MARK = Uint8Array.of(1);

// Subtrees of equal size merge as rows arrive; what is left merges from the right, which promotes odd tails.
class Tree {
  constructor(alg) {
    this.hash = newHash(alg);
    this.nodes = new Uint8Array(32 * 64);
    this.height = 0;
    this.size = 0;
  }

  add(bytes, from, to) {
    this.hash.reset().update(LEAF_MARK).update(bytes, from, to).digest(this.nodes, 32 * this.height++);
    for (let n = ++this.size; n % 2 === 0; n /= 2) this.merge();
  }

  merge() {
    const at = 32 * (this.height - 2);
    this.hash.reset().update(NODE_MARK).update(this.nodes, at, at + 64).digest(this.nodes, at);
    this.height--;
  }

  root() {
    if (this.size === 0) return toHex(this.hash.reset().digest());
    while (this.height > 1) this.merge();
    return toHex(this.nodes.subarray(0, 32));
  }
}

function leafHash(alg, row) {
  return newHash(alg).update(LEAF_MARK).update(ENCODER.encode(row)).digest();
}

function nodeHash(alg, left, right) {
  return newHash(alg).update(NODE_MARK).update(left).update(right).digest();
}

// proof: {row, index, path}, path as L or R and the sibling's hex, leaf upwards.
function isIncluded(alg, proof, size, root) {
  let place = proof.index, last = size - 1;
  if (!Number.isInteger(place) || place < 0 || place > last) return false;
  let node = leafHash(alg, proof.row);
  for (const step of proof.path) {
    while (place === last && place % 2 === 0 && last > 0) {
      place /= 2;
      last = Math.floor(last / 2);
    }
    const odd = place % 2 === 1;
    if (last === 0 || !/^[LR][0-9a-f]{64}$/.test(step) || (step[0] === "L") !== odd) return false;
    const sibling = fromHex(step.slice(1));
    node = odd ? nodeHash(alg, sibling, node) : nodeHash(alg, node, sibling);
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && toHex(node) === root;
}

// The two neighbours between which the identifier would stand are adjacent leaves.
function isExcluded(alg, identifier, { left, right }, size, root) {
  if (!left && !right) return size === 0;
  for (const side of [left, right]) if (side && !isIncluded(alg, side, size, root)) return false;
  const before = left ? left.index : -1, after = right ? right.index : size;
  const name = (proof) => proof.row.split("\t")[0];
  return after === before + 1 && (!left || name(left) < identifier) && (!right || identifier < name(right));
}
