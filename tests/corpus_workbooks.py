"""Malformed workbooks made from one good one: cut off, bytes flipped, parts missing, hostile ones."""

import io
import random
import zipfile

from tests.corpus_rosters import enterprise_rows, xlsx_bytes

SHEET = "xl/worksheets/sheet1.xml"
_SHEET_OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def malformed():
    """(name, bytes) of every file of the corpus; the same at every run."""
    good = xlsx_bytes(enterprise_rows(*range(40)))
    yield from _cut_off(good)
    yield from _flipped(good)
    yield from _without_parts(good)
    yield from _flipped_inside(good)
    yield from _hostile(good)


def _cut_off(good):
    for share in range(1, 61):
        yield f"cut-{share}", good[: len(good) * share // 61]


def _flipped(good):
    dice = random.Random(1)
    for number in range(100):
        content = bytearray(good)
        content[dice.randrange(4, len(content))] ^= 1 << dice.randrange(8)
        yield f"flip-{number}", bytes(content)


def _without_parts(good):
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        for name in archive.namelist():
            yield f"without-{name}", replaced(good, {name: None})


def _flipped_inside(good):
    """The checksums fit again, so that the damage reaches the XML reader."""
    dice = random.Random(2)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(100):
        name = dice.choice(sorted(parts))
        content = bytearray(parts[name])
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        yield f"xml-flip-{number}", replaced(good, {name: bytes(content)})


def _hostile(good):
    cells = "".join(f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>' for place in ("A1", "XFD1"))
    far = f'<row r="1">{cells}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "two-corners", replaced(good, {SHEET: _sheet(far)})
    yield "row-beyond", replaced(good, {SHEET: _sheet('<row r="4294967295"><c r="A4294967295"/></row>')})
    yield (
        "row-beyond-by-apostrophes",
        replaced(good, {SHEET: _sheet("<row r='4294967295'><c r='A4294967295'/></row>")}),
    )
    yield (
        "corners-apart",
        replaced(
            good, {SHEET: _sheet('<row r="1"><c r="XFD1"/></row><row r="1048576"><c r="A1048576"/></row>')}
        ),
    )
    yield "billion-laughs", replaced(good, {SHEET: _LAUGHS + _sheet("<row/>")})
    yield "external-entity", replaced(good, {"xl/workbook.xml": _EXTERNAL})
    yield "dtd-in-content-types", replaced(good, {"[Content_Types].xml": _EXTERNAL})
    yield (
        "long-cell",
        replaced(good, {SHEET: _sheet(f'<row r="1"><c r="A1" t="str"><v>{"x" * 40000}</v></c></row>')}),
    )
    yield "empty-sheet", replaced(good, {SHEET: _sheet("")})
    yield "sheet-is-no-xml", replaced(good, {SHEET: "no xml at all"})
    yield "deep-nesting", replaced(good, {SHEET: _sheet("<a>" * 50_000)})
    yield "bomb-of-4-gb", replaced(good, {SHEET: _bomb()}, claimed=(SHEET, 4 << 30))
    yield "external-entity-in-the-sheet", replaced(good, {SHEET: _EXTERNAL})
    yield (
        "network-entity",
        replaced(good, {SHEET: _EXTERNAL.replace("file:///etc/passwd", "http://127.0.0.1:9/x")}),
    )
    yield "utf-16-document-type", replaced(good, {SHEET: _EXTERNAL.encode("utf-16")})
    yield "no-sheets", replaced(good, {"xl/workbook.xml": _BOOK.format("")})
    yield "sheet-of-no-part", replaced(good, {"xl/workbook.xml": _BOOK.format(_NOWHERE)})
    yield (
        "shared-string-beyond",
        replaced(good, {SHEET: _sheet('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>')}),
    )
    yield "inflates", replaced(good, {"xl/styles.xml": b" " * (64 << 20)})
    yield "many-entries", replaced(good, {f"xl/media/{number}": b"" for number in range(3000)})
    yield "climbs-out", replaced(good, {"../../etc/cron.d/x": b"x"})
    yield "absolute", replaced(good, {"/etc/x": b"x"})
    yield "claims-5-gb", claiming(good, 5 << 30)
    yield "asks-for-password", _with_flag(good)
    yield (
        "old-and-encrypted",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 3,
    )
    yield "old-and-broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20
    yield "only-a-signature", b"PK\x03\x04"
    yield "no-entries", b"PK\x05\x06" + bytes(18)


def _bomb():
    """Blanks that a sheet may hold anywhere; 48 MB of them pack into some 50 KB."""
    return _sheet(" " * (48 << 20))


def replaced(good, parts, claimed=None):
    """The workbook with some parts replaced, added, or left out where the content is None.

    `claimed` names a part and the size that the directory is to claim for it.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = parts.get(name, source.read(name))
            if content is not None:
                archive.writestr(name, content)
        for name in set(parts) - set(source.namelist()):
            archive.writestr(name, parts[name])
        if claimed:
            archive.getinfo(claimed[0]).file_size = claimed[1]
    return target.getvalue()


def claiming(good, size):
    """The workbook whose directory claims `size` bytes for the first entry (by the zip64 field)."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        first = archive.infolist()[0].file_size
    claim = min(size, 0xFFFFFFFE)
    start = good.index(b"PK\x01\x02")
    field = start + 24
    assert int.from_bytes(good[field : field + 4], "little") == first
    return good[:field] + claim.to_bytes(4, "little") + good[field + 4 :]


def _with_flag(good):
    content = bytearray(good)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(signature, place + 4)
    return bytes(content)


def _sheet(rows):
    return f"{_SHEET_OPEN}<sheetData>{rows}</sheetData></worksheet>"


_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_EXTERNAL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)
_NOWHERE = '<sheet name="a" sheetId="1" r:id="rId99"/>'
