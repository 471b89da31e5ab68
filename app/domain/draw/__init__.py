"""The draw protocol `ssj/1` (随机抽取): roster, records, keys, tickets, selection, proofs, bundle.

Everything here is a pure function of published bytes, so that an outsider with the bundle and any
SHA-256 or SM3 implementation reaches the same drawn firms.
"""
