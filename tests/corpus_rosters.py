"""Small roster files for the tests: codes with right check digits, tables as CSV, XLSX and XML 2003."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import openpyxl

from app.domain.credit_code import check_character, organisation_check_character
from app.domain.vocabulary import ImportKind
from app.services.roster_import import load_file

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HEADERS = ("统一社会信用代码", "企业名称", "登记状态", "属地代码", "住所")
LISTING_HEADERS = ("统一社会信用代码", "企业名称", "名单类型", "列入日期", "列入事由", "移出日期", "作出机关")


def code(number, region="220104"):
    """A valid unified code; equal numbers give equal codes."""
    organisation = f"{number:08d}"
    first = f"91{region}{organisation}{organisation_check_character(organisation)}"
    return first + check_character(first)


def enterprise_rows(*numbers):
    return [
        (code(number), f"长春市样例{number}商贸有限公司", "存续", "220104", "同志街1号") for number in numbers
    ]


def csv_bytes(rows, headers=HEADERS, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([headers, *rows])
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows, headers=HEADERS, above=()):
    book = openpyxl.Workbook()
    for row in [*above, headers, *rows]:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xml_bytes(rows, headers=HEADERS, before="", kind="String"):
    """An XML Spreadsheet 2003, the form in which older Excel exports come under the name .xls."""
    lines = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="{kind}">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in [headers, *rows]
    )
    return f"""<?xml version="1.0"?>{before}<?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
        xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>{lines}
        </Table></Worksheet></Workbook>""".encode()


def zip_bytes(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def load(folder, content, kind=ImportKind.ENTERPRISES, name="roster.csv", **options):
    """Write the bytes to a file and load it."""
    path = folder / name
    path.write_bytes(content)
    outcome = load_file(kind, path, options.pop("actor", None), options.pop("now", NOW), **options)
    assert outcome.read == outcome.added + outcome.changed + outcome.unchanged + outcome.rejected
    assert outcome.rejected == len(outcome.rejects)
    return outcome
