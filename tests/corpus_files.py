"""Malformed files other than workbooks cut or flipped, each with what must become of it.

What is expected is a reason (the code of the refusal without its first words), or the numbers of good and
refused rows.
"""

import bz2
import gzip
import io
import lzma
import os
import struct

import openpyxl

from tests.corpus_rosters import HEADERS, code, csv_bytes, enterprise_rows, xlsx_bytes, xml_bytes, zip_bytes
from tests.corpus_workbooks import SHEET, replaced

ROWS = enterprise_rows(1, 2, 3)
GOOD = csv_bytes(ROWS, encoding="utf-8")
GB = csv_bytes(enterprise_rows(*range(1, 40)), encoding="gb18030")
UTF = csv_bytes(enterprise_rows(*range(1, 40)), encoding="utf-8")
LAUGHS = (
    "<!DOCTYPE x ["
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    + "]>"
)
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def everything():
    """name → (bytes, what is expected) of the whole corpus."""
    return encodings() | texts() | tables() | archives() | other_formats() | xml_2003() | workbooks()


def encodings():
    """Texts whose bytes are not what they seem."""
    return {
        "utf-8 that turns into gb18030": (UTF + "220104,朝阳区".encode("gb18030"), "wrong_encoding"),
        "gb18030 that turns into utf-8": (GB + "220104,朝阳区统".encode() + b"\xff,\r\n", "wrong_encoding"),
        "latin-1": ("Stra\xdfe,\xff\xff\r\n".encode("latin-1"), "wrong_encoding"),
        "utf-16 with an odd byte": (csv_bytes(ROWS, encoding="utf-16") + b"a", "wrong_encoding"),
        "utf-16 without a mark": (csv_bytes(ROWS, encoding="utf-16-le"), "not_text"),
        "utf-32": (csv_bytes(ROWS, encoding="utf-32"), None),
        "utf-8 with two marks": (b"\xef\xbb\xbf" + csv_bytes(ROWS), (3, 0)),
        "utf-8 cut inside a character": (UTF[:-30] + "长".encode()[:2], "wrong_encoding"),
        "gb18030 of four bytes": (
            csv_bytes([(code(1), "长春㐂𠮷有限公司", "", "", "")], encoding="gb18030"),
            (1, 0),
        ),
        "nul in one cell": (GOOD.replace("同志街1号".encode(), b"a\0b", 1), (2, 1)),
        "nul everywhere": (bytes(5000), "not_text"),
        "nul behind a good file": (GOOD + bytes(100_000), None),
        "control characters": (GOOD.replace("存续".encode(), b"\x01\x02", 1), (2, 1)),
        "half a surrogate": (GOOD.replace("存续".encode(), b"\xed\xa0\x80", 1), "wrong_encoding"),
        "right-to-left marks": (GOOD.replace("存续".encode(), "\u202e续存".encode(), 1), (3, 0)),
    }


def texts():
    """Texts whose lines and quotation marks are out of order."""
    lines = GOOD.decode().splitlines()
    return {
        "nothing": (b"", "empty"),
        "a byte order mark only": (b"\xef\xbb\xbf", "empty"),
        "line ends only": (b"\r\n" * 500, "empty"),
        "delimiters only": (b",,,,\r\n" * 500, "no_header"),
        "a hundred thousand delimiters": (b"," * 100_000 + b"\r\n" + GOOD, "too_wide"),
        "one line of three megabytes": (b"a" * 3_000_000, "line_too_long"),
        "a cell of 900 kilobytes": (GOOD.replace("同志街1号".encode(), b"x" * 900_000, 1), (2, 1)),
        "a quotation mark that never closes": (
            f'{lines[0]}\n{lines[1]}\n"{lines[2]}\n{lines[3]}'.encode(),
            (2, 1),
        ),
        "a quotation mark at the very start": (f'"{GOOD.decode()}'.encode(), "no_header"),
        "quotation marks inside": (GOOD.replace("长春市样例1".encode(), '长"春"市'.encode(), 1), (3, 0)),
        "cut inside the last row": (GOOD[:-22], (2, 1)),
        "mixed line ends": ("\n".join(lines[:2]).encode() + b"\r" + "\r\n".join(lines[2:]).encode(), (3, 0)),
        "rows with too many cells": (GOOD.replace("同志街1号".encode(), b"a,b,c", 1), (2, 1)),
        "rows with too few cells": (GOOD + f"{code(9)},长春市九有限公司\r\n".encode(), (4, 0)),
        "two delimiters in turns": (GOOD + f"{code(9)};长春市九有限公司;存续;;\r\n".encode(), (3, 1)),
        "blank rows between": (b"\r\n\r\n".join(line.encode() for line in lines), (3, 0)),
    }


def tables():
    """Tables in which the header or the values are wrong."""
    wide = [f"列{n}" for n in range(10_000)]
    first, name = ROWS[0][0], ROWS[0][1]
    return {
        "a header only": (csv_bytes([]), (0, 0)),
        "no header": (GOOD.partition(b"\n")[2], "no_header"),
        "a table of something else": (b"a,b,c\r\n1,2,3\r\n", "no_header"),
        "a column is missing": (csv_bytes([(first,)], headers=("统一社会信用代码",)), "columns_missing"),
        "duplicated headers": (csv_bytes([], headers=(*HEADERS, "企业名称")), "columns_repeated"),
        "ten thousand columns": (csv_bytes([(first, name, *wide)], headers=(*HEADERS[:2], *wide)), (1, 0)),
        "twenty thousand columns": (csv_bytes([], headers=(*HEADERS, *wide, *wide)), "too_wide"),
        "two header rows": (
            csv_bytes([HEADERS, *ROWS], headers=("基本情况", "", "登记情况", "", "")),
            (3, 0),
        ),
        "merged headers": (merged_headers(), (2, 0)),
        "the header twice": (csv_bytes([HEADERS, *ROWS]), (3, 1)),
        "a title of five rows": (
            xlsx_bytes(ROWS, above=[("名录",), (), ("制表：某",), ("2026 年",), ()]),
            (3, 0),
        ),
        "the same row again and again": (csv_bytes(ROWS[:1] * 50), (1, 49)),
        "codes as numbers": (csv_bytes([("9.12E+17", name, "", "", ""), *ROWS[1:]]), (2, 1)),
        "codes with an apostrophe": (csv_bytes([(f"'{first}", name, "", "", ""), *ROWS[1:]]), (2, 1)),
        "codes with look-alike letters": (csv_bytes([(first.replace("0", "O"), name, "", "", "")]), (0, 1)),
        "dates as numbers": (dated("43552"), (1, 0)),
        "dates that are none": (dated("2019-13-45"), (1, 0)),
        "dates far beyond": (dated("9" * 40), (1, 0)),
        "formulas as text": (csv_bytes([(first, "=cmd|'/C calc'!A0", "", "", "@SUM(1)")]), (1, 0)),
        "names of a thousand characters": (csv_bytes([(first, "长" * 1000, "", "", "")]), (0, 1)),
        "errors of a spreadsheet": (csv_bytes([("#REF!", "#NAME?", "#N/A", "#VALUE!", "#DIV/0!")]), (0, 1)),
    }


def archives():
    """Compressed files."""
    return {
        "an empty archive": (zip_bytes(), "empty"),
        "folders only": (zip_bytes(**{"a/": b"", "b/": b""}), "empty"),
        "two files": (zip_bytes(a=GOOD, b=GOOD), "several_files"),
        "an archive in an archive": (zip_bytes(a=zip_bytes(b=GOOD)), "nested"),
        "gzip in gzip": (gzip.compress(gzip.compress(GOOD)), "nested"),
        "an archive in gzip": (gzip.compress(zip_bytes(a=GOOD)), "nested"),
        "a bomb": (zip_bytes(a=bytes(40 << 20)), "bomb"),
        "a bomb in gzip": (gzip.compress(bytes(40 << 20)), "bomb"),
        "a cut archive": (zip_bytes(a=os.urandom(3000))[:2000], "damaged"),
        "a cut gzip": (gzip.compress(os.urandom(3000))[:2000], "cut_off"),
        "gzip of nothing": (gzip.compress(b""), "empty"),
        "only the head of gzip": (gzip.compress(b"")[:6], "cut_off"),
        "gzip with a tail": (gzip.compress(GOOD) + b"tail" * 20, "damaged"),
        "gzip with a false sum": (gzip.compress(GOOD)[:-8] + bytes(8), "damaged"),
        "gzip that claims 4 gb": (gzip.compress(GOOD)[:-4] + struct.pack("<I", 0xFFFFFFFF), "damaged"),
        "an archive that claims 5 gb": (claimed(zip_bytes(a=GOOD)), None),
        "an archive with a password": (flagged(zip_bytes(a=GOOD)), "encrypted"),
        "a path that climbs out": (zip_bytes(**{"../../etc/passwd": GOOD}), (3, 0)),
        "a method that nobody knows": (method(zip_bytes(a=GOOD), 99), "damaged"),
    }


def other_formats():
    """What is no table, under the name of one."""
    html = "<html><table><tr><td>企业名称</td></tr></table></html>"
    return {
        "a web page": (html.encode(), "web_page"),
        "a web page in utf-16": (html.encode("utf-16"), None),
        "json": (b'{"rows": [1, 2, 3]}', None),
        "a picture": (b"\x89PNG\r\n\x1a\n" + os.urandom(3000), "not_text"),
        "a pdf": (b"%PDF-1.7\n" + os.urandom(3000), None),
        "a program": (b"MZ" + bytes(200) + os.urandom(3000), "not_text"),
        "bzip2": (bz2.compress(GOOD * 50), None),
        "xz": (lzma.compress(GOOD * 50), None),
        "rar": (b"Rar!\x1a\x07\x01\x00" + os.urandom(3000), "not_text"),
        "7z": (b"7z\xbc\xaf\x27\x1c" + os.urandom(3000), None),
        "a letter": (
            zip_bytes(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
            "not_a_workbook",
        ),
        "an open document": (zip_bytes(mimetype="x", **{"content.xml": "<x/>"}), "not_a_workbook"),
        "a binary workbook": (
            zip_bytes(**{"[Content_Types].xml": "<x/>", "xl/workbook.bin": b"x"}),
            "not_a_workbook",
        ),
        "an old workbook of zeros": (OLE + bytes(4096), "damaged"),
        "an old workbook cut short": (OLE, "damaged"),
        "an encrypted workbook": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    }


def xml_2003():
    """The form of older exports."""
    return {
        "an external entity": (xml_bytes(ROWS, before=XXE), "foreign_entities"),
        "a billion laughs": (xml_bytes(ROWS, before=LAUGHS), "foreign_entities"),
        "xml without its end": (xml_bytes(ROWS)[:-80], "damaged"),
        "a row beyond": (xml_bytes(ROWS).replace(b"<Row>", b'<Row ss:Index="99999999">', 1), "too_large"),
        "a row before": (xml_bytes(ROWS).replace(b"</Row><Row>", b'</Row><Row ss:Index="1">', 1), "damaged"),
        "a cell beyond": (xml_bytes(ROWS).replace(b"<Cell>", b'<Cell ss:Index="20000">', 1), "too_large"),
        "words where a number should be": (xml_bytes(ROWS, kind="Number"), "damaged"),
        "xml of nothing": (xml_bytes([], headers=()), "empty"),
    }


def workbooks():
    """Workbooks that open, with something odd inside."""
    return {
        "an empty sheet": (xlsx_bytes([], headers=()), "empty"),
        "a workbook of formulas": (formulas(), (0, 1)),
        "only a hidden sheet": (hidden(), "empty"),
        "the first sheet blank": (second_sheet(), (3, 0)),
        "merged cells in the rows": (merged_rows(), (1, 1)),
        "a sheet of errors": (errors(), (0, 1)),
        "a claim of 4 gb in a small file": (replaced(xlsx_bytes(ROWS), {}, claimed=(SHEET, 4 << 30)), "bomb"),
        "an archive of workbooks": (zip_bytes(a=xlsx_bytes(ROWS), b=xlsx_bytes(ROWS)), "several_files"),
    }


def dated(value):
    return csv_bytes([(*ROWS[0][:2], value)], headers=(*HEADERS[:2], "成立日期"))


def book(fill):
    workbook = openpyxl.Workbook()
    fill(workbook, workbook.active)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def merged_headers():
    def fill(_, sheet):
        sheet.append(("统一社会信用代码", "企业名称", "登记情况", None))
        sheet.append((None, None, "登记状态", "成立日期"))
        for place in ("A1:A2", "B1:B2", "C1:D1"):
            sheet.merge_cells(place)
        for row in ROWS[:2]:
            sheet.append((*row[:3], "2019-03-28"))

    return book(fill)


def merged_rows():
    def fill(_, sheet):
        sheet.append(HEADERS)
        sheet.append(ROWS[0])
        sheet.append((None, *ROWS[1][1:]))
        sheet.merge_cells("A2:A3")

    return book(fill)


def formulas():
    def fill(_, sheet):
        sheet.append(HEADERS)
        sheet.append(
            ('=CONCATENATE("9122","01")', '=HYPERLINK("http://127.0.0.1","x")', "存续", "=1+1", "=A1")
        )

    return book(fill)


def errors():
    def fill(_, sheet):
        sheet.append(HEADERS)
        sheet.append(("#REF!", "长春市样例商贸有限公司", "#N/A", "#VALUE!", "#DIV/0!"))

    return book(fill)


def hidden():
    def fill(workbook, sheet):
        sheet.append(HEADERS)
        sheet.sheet_state = "hidden"
        workbook.create_sheet("空")

    return book(fill)


def second_sheet():
    def fill(workbook, _):
        second = workbook.create_sheet("名录")
        for row in (HEADERS, *ROWS):
            second.append(row)

    return book(fill)


def claimed(content):
    """The archive whose directory claims almost 4 GB for its only entry."""
    place = content.index(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", 0xFFFFFFFE) + content[place + 4 :]


def flagged(content):
    """The archive whose entry says that it is encrypted."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[content.index(signature) + offset] |= 1
    return bytes(changed)


def method(content, number):
    """The archive whose entry is compressed in a way that nobody knows."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        changed[content.index(signature) + offset] = number
    return bytes(changed)
