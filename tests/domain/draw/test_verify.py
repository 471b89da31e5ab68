"""A changed byte anywhere in a bundle is found; so is whatever a forger with a new manifest would try."""

import dataclasses
import io
import json
import struct
import zipfile

import pytest

from app.domain.draw import record
from app.domain.draw.bundle import MatchFiles
from app.domain.draw.log import append
from app.domain.draw.verify import verify
from tests.domain.draw.builders import UTC, make_ceremony
from tests.domain.draw.tampering import flip, numbers, pack, seal, unzip

FLIPS = 500
FREE_TEXT = {"README.txt", "verify.py", "manifest.txt", "prices.json"}


@pytest.fixture
def check(tmp_path):
    """Verify bytes as a file; gives the first difference or None."""

    def run(content):
        path = tmp_path / "bundle.zip"
        path.write_bytes(content)
        report = verify(path)
        assert report.failure is None or report.failure.strip()
        return report.failure

    return run


def test_500_of_500_flipped_bytes_are_found(kind, bundle_bytes, check):
    files = unzip(bundle_bytes)
    names = sorted(name for name, content in files.items() if content)
    missed = []
    for number in numbers(kind, FLIPS):
        name = names[number % len(names)]
        place, by = number // 64 % len(files[name]), 1 + number // 2**40 % 255
        if check(pack(files | {name: flip(files[name], place, by)})) is None:
            missed.append((name, place, by))
    assert missed == []


def test_500_of_500_flipped_bytes_of_the_archive_are_found(kind, bundle_bytes, check):
    missed = []
    for number in numbers(f"archive {kind}", FLIPS):
        place, by = number % len(bundle_bytes), 1 + number // 2**40 % 255
        # Half of the places lie in the directory and the seal at the end, where nobody's data is.
        place = place if number & 2**33 else len(bundle_bytes) - 1 - place % 2500
        if check(flip(bundle_bytes, place, by)) is None:
            missed.append((place, by))
    assert missed == []


def test_a_new_manifest_does_not_hide_a_flipped_byte(kind, bundle_bytes, check):
    files = unzip(bundle_bytes)
    names = sorted(name for name, content in files.items() if content and name not in FREE_TEXT)
    missed = []
    for number in numbers(f"forged {kind}", 200):
        name = names[number % len(names)]
        place, by = number // 64 % len(files[name]), 1 + number // 2**40 % 255
        if check(seal(files | {name: flip(files[name], place, by)})) is None:
            missed.append((name, place, by))
    assert missed == []


def test_every_cut_of_the_archive_is_refused(bundle_bytes, check):
    for number in numbers("cut", 100):
        assert check(bundle_bytes[: number % len(bundle_bytes)])


@pytest.mark.parametrize("tail", [b"\0", b"PK\5\6" + bytes(18), b"more"])
def test_bytes_after_the_end_are_refused(bundle_bytes, tail, check):
    assert check(bundle_bytes + tail)


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "a/../../b",
        "C:\\evil",
        "drawn\\A.H.txt",
        "a/b/c",
        "..",
        ".hidden",
        "x\n",
        "名录",
        "drawn/..",
    ],
)
def test_path_tricks_are_refused(name, bundle_bytes, check):
    out = io.BytesIO(bundle_bytes)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b""
        archive.writestr(zipfile.ZipInfo(name), b"x\n")
    assert "不安全" in check(out.getvalue())


def test_a_name_with_a_nul_is_refused(bundle_bytes, check):
    content = pack(unzip(bundle_bytes) | {"plan.txtXevil": b"x\n"}).replace(
        b"plan.txtXevil", b"plan.txt\0evil"
    )
    assert check(content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_names_are_refused(bundle_bytes, check):
    out = io.BytesIO(bundle_bytes)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b""
        archive.writestr("plan.txt", b"x\n")
    assert "重名" in check(out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked(bundle_bytes, check):
    files = unzip(bundle_bytes) | {"README.txt": b"\n" * 20_000_000}
    assert "过大" in check(pack(files, zipfile.ZIP_DEFLATED))


def test_a_false_size_is_refused(bundle_bytes, check):
    content = bytearray(pack(unzip(bundle_bytes)))
    entry = content.index(b"PK\1\2")
    content[entry + 24 : entry + 28] = struct.pack("<I", 5 << 29)
    assert "过大" in check(bytes(content))


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", bytes(1000)])
def test_what_is_no_zip_is_refused(content, check):
    assert check(content)


def test_a_missing_file_is_refused(tmp_path):
    assert verify(tmp_path / "nothing.zip").failure
    assert verify(tmp_path).failure


def test_missing_and_unexpected_files_are_named(bundle_bytes, check):
    files = unzip(bundle_bytes)
    for name in files:
        assert check(pack({other: content for other, content in files.items() if other != name})), name
        assert (
            check(seal({other: content for other, content in files.items() if other != name}))
            or name == "manifest.txt"
        )
    assert "extra.txt" in check(seal(files | {"extra.txt": b"x\n"}))


def test_an_encrypted_entry_is_refused(bundle_bytes, check):
    content = bytearray(pack(unzip(bundle_bytes)))
    entry = content.index(b"PK\1\2")
    content[entry + 8] |= 1
    assert check(bytes(content))


def relog(ceremony):
    log = ceremony.log[:2]
    texts = [
        ("plan", ceremony.plan),
        ("seed", ceremony.seed),
        ("result", ceremony.result),
        ("assign", ceremony.match.assign),
    ]
    for (kind, text), utc in zip(texts, UTC, strict=True):
        log.append(append(log[-1], kind, text.text(), utc, ceremony.plan.alg))
    return dataclasses.replace(ceremony, log=log)


def test_a_forged_list_is_found_even_with_a_forged_result(check):
    ceremony = make_ceremony(matched=True)
    found = ceremony.drawn["A", "M"]
    swapped = dataclasses.replace(
        found, drawn=(*found.drawn[:-1], found.reserve[0]), reserve=(found.drawn[-1], *found.reserve[1:])
    )
    outcomes = tuple(
        swapped.outcome("A", "M", "sha256") if (line.item, line.stratum) == ("A", "M") else line
        for line in ceremony.result.drawn
    )
    forged = dataclasses.replace(
        ceremony,
        drawn=ceremony.drawn | {("A", "M"): swapped},
        result=dataclasses.replace(ceremony.result, drawn=outcomes),
    )
    assert "drawn/A.M.txt" in check(relog(forged).zip())


def test_a_firm_left_out_of_the_roster_is_found(check):
    ceremony = make_ceremony(matched=True)
    lines = ceremony.content.splitlines(keepends=True)
    assert "roster.tsv" in check(dataclasses.replace(ceremony, content=b"".join(lines[1:])).zip())


@pytest.mark.parametrize("change", ["first", "swap", "repeat", "lower", "stratum"])
def test_a_forged_roster_line_is_named(change, check):
    lines = make_ceremony().content.splitlines(keepends=True)
    lines[7:9] = {
        "first": [b"A\n", lines[8]],
        "swap": [lines[8], lines[7]],
        "repeat": [lines[7], lines[7]],
        "lower": [lines[7].lower(), lines[8]],
        "stratum": [lines[7][:19] + b"-~1\t-\n", lines[8]],
    }[change]
    ceremony = dataclasses.replace(make_ceremony(), content=b"".join(lines))
    assert "roster.tsv 第" in check(ceremony.zip())


def test_a_plan_with_other_numbers_than_its_roster_is_found(check):
    ceremony = make_ceremony()
    first, *others = ceremony.plan.quotas
    plan = dataclasses.replace(ceremony.plan, quotas=(dataclasses.replace(first, n=first.n - 1), *others))
    seed = dataclasses.replace(ceremony.seed, plan=plan.digest("sha256"))
    log = ceremony.log[:2]
    for kind, text, utc in zip(("plan", "seed", "result"), (plan, seed, ceremony.result), UTC, strict=False):
        log.append(append(log[-1], kind, text.text(), utc, "sha256"))
    assert "户数" in check(dataclasses.replace(ceremony, plan=plan, seed=seed, log=log).zip())


def with_log(order=(0, 1, 2), utc=UTC, extra=()):
    ceremony = make_ceremony()
    texts = [("plan", ceremony.plan), ("seed", ceremony.seed), ("result", ceremony.result)]
    log = ceremony.log[:2]
    for place, moment in zip(order, utc, strict=False):
        log.append(append(log[-1], texts[place][0], texts[place][1].text(), moment, "sha256"))
    for other in extra:
        kind = type(other).__name__.lower()
        log.append(append(log[-1], kind, other.text(), UTC[3], "sha256"))
    return dataclasses.replace(ceremony, log=log)


def test_a_log_of_other_draws_before_ours_is_only_chained(check):
    assert check(with_log().zip()) is None


@pytest.mark.parametrize(
    "order", [(1, 0, 2), (0, 2, 1), (0, 1), (0, 0, 1, 2), (0, 1, 2, 2), (0, 1, 2, 0), ()]
)
def test_records_out_of_order_are_found(order, check):
    assert "日志" in check(with_log(order, (UTC * 2)[: len(order)]).zip())


@pytest.mark.parametrize(
    "utc",
    [
        ("2026-03-18T13:15:00Z", *UTC[1:3]),
        ("2026-03-18T13:16:00Z", *UTC[1:3]),
        (UTC[0], "2026-03-18T13:14:59Z", UTC[2]),
    ],
)
def test_a_plan_after_or_a_seed_before_its_time_is_found(utc, check):
    assert "日志" in check(with_log(utc=utc).zip())


def test_substitutions_and_a_void_draw_may_follow(check):
    ceremony = make_ceremony()
    plan, found = ceremony.result.plan, ceremony.drawn["A", "M"]
    swap = record.Swap("A|M", found.drawn[0].identifier, found.reserve[0].identifier)
    changed = with_log(extra=[record.Substitute(plan, "ab" * 32, (swap,)), record.Void(plan, "名录有误")])
    assert check(changed.zip()) is None
    text = changed.zip()
    assert b"ssj/1/void" in text


def rematch(change, frozen=True):
    """Change the published match and make every hash agree with it again."""
    ceremony = make_ceremony(matched=True, frozen_staff=frozen)
    files = {name: bytes(content) for name, content in ceremony.match.files().items()}
    change(files)
    names = {
        "staff_file": "staff.tsv",
        "elig_file": "eligible.tsv",
        "demand_file": "demand.tsv",
        "rows": "assign.tsv",
    }
    hashes = {field: record.hex_digest("sha256", files[name]) for field, name in names.items()}
    assign = dataclasses.replace(ceremony.match.assign, **hashes)
    order = ("staff.tsv", "eligible.tsv", "demand.tsv", "assign.tsv", "prices.json")
    match = MatchFiles(assign, *(files[name] for name in order))
    return relog(dataclasses.replace(ceremony, match=match))


def edit(name, old, new):
    def change(files):
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new, 1)

    return change


def move_a_visit(files):
    """Send another eligible inspector of the same group: a one-pair tampering."""
    rows = [line.split("\t") for line in files["assign.tsv"].decode().splitlines()]
    groups = {line.split("\t")[0]: line.split("\t")[3] for line in files["staff.tsv"].decode().splitlines()}
    row = rows[0]
    spare = next(i for i in groups if groups[i] == groups[row[-1]] and i not in row)
    rows[0] = [*row[:-1], spare]
    files["assign.tsv"] = "".join("\t".join(line) + "\n" for line in rows).encode()


def change_prices(part, by):
    def change(files):
        prices = json.loads(files["prices.json"])
        first = sorted(prices[part])[0]
        prices[part][first] += by
        files["prices.json"] = json.dumps(prices, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    return change


def swap_lead(files):
    rows = [line.split("\t") for line in files["assign.tsv"].decode().splitlines()]
    files["assign.tsv"] = "".join("\t".join([r[0], r[2], r[1], *r[3:]]) + "\n" for r in rows).encode()


def double_first(name):
    def change(files):
        files[name] = files[name].partition(b"\n")[0] + b"\n" + files[name]

    return change


def strike_assigned_pair(files):
    target, lead = files["assign.tsv"].split(b"\n")[0].split(b"\t")[:2]
    kept = [
        row
        for row in files["eligible.tsv"].splitlines(keepends=True)
        if not row.startswith(target + b"\t" + lead)
    ]
    files["eligible.tsv"] = b"".join(kept)


FORGERIES = {
    "another inspector": move_a_visit,
    "lead and member swapped": swap_lead,
    "a visit struck": lambda files: files.update({"assign.tsv": files["assign.tsv"].partition(b"\n")[2]}),
    "a visit twice": double_first("assign.tsv"),
    "a team too small": edit("demand.tsv", b"\tG1\t2\t1", b"\tG1\t1\t1"),
    "a demand twice": double_first("demand.tsv"),
    "a pair twice": double_first("eligible.tsv"),
    "an assigned pair struck": strike_assigned_pair,
    "a dearer inspector": change_prices("y", 1 << 36),
    "a cheaper inspector": change_prices("y", -(1 << 36)),
    "a higher demand price": change_prices("z", 1 << 40),
    "a lower demand price": change_prices("z", -(1 << 40)),
    "a negative lead price": change_prices("u", -(1 << 40)),
    "prices as text": edit("prices.json", b'"y":{', b'"y":{"A":"1",'),
    "prices with a fraction": edit("prices.json", b",", b".5,"),
    "prices with blanks": edit("prices.json", b",", b", "),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_match_is_found_even_when_all_hashes_agree(forgery, check):
    assert check(rematch(FORGERIES[forgery]).zip())


@pytest.mark.parametrize(("cap", "said"), [(b"1", "次数"), (b"9", None)])
def test_a_cap_is_respected_even_where_the_plan_did_not_freeze_the_staff(cap, said, check):
    failure = check(
        rematch(
            lambda files: files.update(
                {"staff.tsv": files["staff.tsv"].replace(b"\t9\t", b"\t" + cap + b"\t")}
            ),
            frozen=False,
        ).zip()
    )
    assert failure is None if said is None else said in failure


def test_the_frozen_staff_may_not_change_after_the_plan(check):
    failure = check(rematch(edit("staff.tsv", b"\t9\t", b"\t8\t")).zip())
    assert "方案不符" in failure


def test_a_true_match_relogged_still_verifies(check):
    assert check(rematch(lambda files: None).zip()) is None
