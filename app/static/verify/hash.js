// SHA-256 (FIPS 180-4) and SM3 (GB/T 32905), written out: WebCrypto has no SM3 and costs a promise a hash.
"use strict";

const SHA256_START = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
const SM3_START = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const SHA256_ROUNDS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2);
const SM3_ROUNDS = Int32Array.from({ length: 64 }, (_, round) =>
  rotate(round < 16 ? 0x79cc4519 : 0x7a879d8a, round % 32));

function rotate(word, bits) {
  return (word << bits) | (word >>> (32 - bits));
}

// What both functions share: 64-byte blocks, big-endian words, the same padding.
class BlockHash {
  constructor(start) {
    this.start = start;
    this.state = new Int32Array(8);
    this.words = new Int32Array(68);
    this.block = new Uint8Array(64);
    this.reset();
  }

  reset() {
    this.state.set(this.start);
    this.length = 0;
    return this;
  }

  update(bytes, from = 0, to = bytes.length) {
    const { block } = this;
    let filled = this.length % 64;
    this.length += to - from;
    if (filled > 0 || to - from < 64) {
      while (from < to) {
        block[filled++] = bytes[from++];
        if (filled === 64) {
          this.compress(block, 0);
          filled = 0;
          if (to - from >= 64) break;
        }
      }
    }
    for (; to - from >= 64; from += 64) this.compress(bytes, from);
    while (from < to) block[filled++] = bytes[from++];
    return this;
  }

  digest(out = new Uint8Array(32), at = 0) {
    const { block, state } = this;
    const bits = this.length * 8;
    let filled = this.length % 64;
    block[filled++] = 0x80;
    if (filled > 56) {
      block.fill(0, filled);
      this.compress(block, 0);
      filled = 0;
    }
    block.fill(0, filled, 56);
    writeWord(block, 56, Math.floor(bits / 0x100000000));
    writeWord(block, 60, bits >>> 0);
    this.compress(block, 0);
    for (let i = 0; i < 8; i++) writeWord(out, at + 4 * i, state[i]);
    return out;
  }
}

function writeWord(bytes, at, word) {
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

function readWords(words, bytes, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
}

class Sha256 extends BlockHash {
  constructor() {
    super(SHA256_START);
  }

  compress(bytes, at) {
    const { words: w, state } = this;
    readWords(w, bytes, at);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + SHA256_ROUNDS[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
}

class Sm3 extends BlockHash {
  constructor() {
    super(SM3_START);
  }

  compress(bytes, at) {
    const { words: w, state } = this;
    readWords(w, bytes, at);
    for (let i = 16; i < 68; i++) {
      const x = w[i - 16] ^ w[i - 9] ^ rotate(w[i - 3], 15);
      w[i] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[i - 13], 7) ^ w[i - 6];
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const turned = rotate(a, 12);
      const s1 = rotate((turned + e + SM3_ROUNDS[i]) | 0, 7);
      const early = i < 16;
      const one = ((early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + (s1 ^ turned) + (w[i] ^ w[i + 4])) | 0;
      const two = ((early ? e ^ f ^ g : (e & f) | (~e & g)) + h + s1 + w[i]) | 0;
      d = c; c = rotate(b, 9); b = a; a = one;
      h = g; g = rotate(f, 19); f = e; e = two ^ rotate(two, 9) ^ rotate(two, 17);
    }
    state[0] ^= a; state[1] ^= b; state[2] ^= c; state[3] ^= d;
    state[4] ^= e; state[5] ^= f; state[6] ^= g; state[7] ^= h;
  }
}

const ENCODER = new TextEncoder();
const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function newHash(alg) {
  return alg === "sm3" ? new Sm3() : new Sha256();
}

function toHex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX_PAIRS[byte];
  return text;
}

function fromHex(text) {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

// Hex digest of a text or of bytes.
function hexDigest(alg, data) {
  return toHex(newHash(alg).update(typeof data === "string" ? ENCODER.encode(data) : data).digest());
}

const DIGEST_OF_ABC = {
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  sm3: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
};

// A browser that miscomputes must not speak.
function hashesWork() {
  return Object.keys(DIGEST_OF_ABC).every((alg) => hexDigest(alg, "abc") === DIGEST_OF_ABC[alg]);
}
