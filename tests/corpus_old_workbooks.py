"""Workbooks of the old binary form (BIFF8 in a compound file), one good and many malformed."""

import random
import struct

from tests.corpus_rosters import HEADERS, enterprise_rows

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
BOF, EOF, BOUND_SHEET, LABEL, NUMBER = 0x0809, 0x000A, 0x0085, 0x0204, 0x0203
GLOBALS, WORKSHEET = 0x0005, 0x0010


def old_malformed():
    """(name, bytes) of every file; the same at every run."""
    good = old_workbook(enterprise_rows(*range(40)))
    yield from _cut_off(good)
    yield from _flipped(good)
    yield from _broken_records()


def old_workbook(rows, headers=HEADERS):
    """The bytes of an old workbook with one sheet of texts."""
    return compound(book(sheet([headers, *rows])))


def book(content, at=None):
    """The stream of a workbook; `at` is where its sheet is said to begin, where that is not the truth."""
    name = "名录"
    bound = struct.pack("<BBBB", 0, 0, len(name), 1) + name.encode("utf-16-le")
    before = len(_begin(GLOBALS)) + len(record(BOUND_SHEET, bytes(4) + bound)) + len(record(EOF))
    place = struct.pack("<I", before if at is None else at)
    return _begin(GLOBALS) + record(BOUND_SHEET, place + bound) + record(EOF) + content


def sheet(rows):
    """The records of a sheet of texts."""
    cells = [label(row, column, text) for row, cells in enumerate(rows) for column, text in enumerate(cells)]
    return _begin(WORKSHEET) + b"".join(cells) + record(EOF)


def label(row, column, text, length=None):
    """A cell of text; `length` is the one that it claims, where that is not the truth."""
    head = struct.pack("<HHHHB", row, column, 0, len(text) if length is None else length, 1)
    return record(LABEL, head + text.encode("utf-16-le"))


def record(kind, content=b"", length=None):
    return struct.pack("<HH", kind, len(content) if length is None else length) + content


def _begin(kind):
    return record(BOF, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1997, 0, 6))


def compound(stream):
    """A compound file with this one stream: header, table of sectors, directory, content."""
    content = stream.ljust(4096, b"\0")
    content += bytes(-len(content) % SECTOR)
    count = len(content) // SECTOR
    tables = -(-(count + 2) // (SECTOR // 4 - 1))
    first = tables + 1
    chain = [TABLE] * tables + [END] + [*range(first + 1, first + count), END]
    chain += [FREE] * (tables * SECTOR // 4 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(10) + struct.pack("<8I", tables, tables, 0, 4096, END, 0, END, 0)
    places = [*range(tables)] + [FREE] * (109 - tables)
    header = head.ljust(76, b"\0") + struct.pack("<109I", *places)
    entries = _entry("Root Entry", 5, END, 0, child=1) + _entry("Workbook", 2, first, len(content))
    return header + struct.pack(f"<{len(chain)}I", *chain) + entries.ljust(SECTOR, b"\0") + content


def _entry(name, kind, start, size, child=FREE):
    text = (name + "\0").encode("utf-16-le")
    fields = struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<IQ", start, size)


def _cut_off(good):
    for share in range(1, 21):
        yield f"old-cut-{share}", good[: len(good) * share // 21]


def _flipped(good):
    """A third of the flips strike the header and the directory, where everything hangs on each byte."""
    dice = random.Random(3)
    for number in range(60):
        content = bytearray(good)
        content[dice.randrange(8, len(content) if number % 3 else 3 * SECTOR)] ^= 1 << dice.randrange(8)
        yield f"old-flip-{number}", bytes(content)


def _broken_records():
    headers, row = [label(0, at, text) for at, text in enumerate(HEADERS)], enterprise_rows(0)[0]
    whole = [*headers, *(label(1, at, text) for at, text in enumerate(row))]
    cells = {
        "a text longer than its record": label(2, 0, "长春", length=9000),
        "a record longer than the file": record(LABEL, bytes(9), length=0xFFFF),
        "a record of one byte": record(LABEL, b"\1"),
        "a number of three bytes": record(NUMBER, bytes(9)),
        "a cell in the last corner": label(0xFFFF, 0xFFFF, "角"),
        "an unknown record": record(0x4242, bytes(300)),
        "half a character": record(LABEL, struct.pack("<HHHHB", 2, 0, 0, 2, 1) + b"\x25\x95\x00"),
    }
    for name, odd in cells.items():
        yield f"old-{name}", compound(book(_begin(WORKSHEET) + b"".join([*whole, odd]) + record(EOF)))
    yield "old-a sheet without its end", compound(book(_begin(WORKSHEET) + b"".join(whole)))
    yield "old-a sheet that begins nowhere", compound(book(sheet([HEADERS, row]), at=0x7FFFFFFF))
    yield "old-a sheet within the globals", compound(book(sheet([HEADERS, row]), at=0))
    yield "old-no records at all", compound(b"")
    yield "old-a chain in a circle", _circled(compound(book(sheet([HEADERS, row]))))


def _circled(good):
    """Every sector of the content is followed by its first."""
    content = bytearray(good)
    first = struct.unpack_from("<I", content, 2 * SECTOR + 128 + 116)[0]
    for place in range(first, first + 8):
        struct.pack_into("<I", content, SECTOR + 4 * place, first)
    return bytes(content)
