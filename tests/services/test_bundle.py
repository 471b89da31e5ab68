"""The bundle as it leaves the database: complete, the same every time, and accepted by its own verifier."""

import hashlib
import io
import subprocess
import sys
import zipfile

import pytest

from app.domain.vocabulary import Stratification
from app.extensions import db
from app.models import Draw
from app.services.bundle import DrawNotDone, bundle_name, public_file, public_names, write_bundle
from tests.builders import World

OPEN_FILES = {
    "README.txt", "assign.tsv", "assign.txt", "demand.tsv", "eligible.tsv", "log.jsonl", "manifest.txt", "plan.txt",
    "prices.json", "result.txt", "roster.tsv", "seed.txt", "staff.tsv", "verify.py",
}  # fmt: skip


def bundle_of(draw, **options):
    out = io.BytesIO()
    write_bundle(db.session(), draw.id, out, **options)
    return out.getvalue()


def contents(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verify(raw, folder):
    """Run the bundle's own verify.py on it, as an outsider would."""
    path = folder / "bundle.zip"
    path.write_bytes(raw)
    program = folder / "verify.py"
    program.write_bytes(contents(raw)["verify.py"])
    return subprocess.run(
        [sys.executable, str(program), str(path)], capture_output=True, text=True, check=False, cwd=folder
    )


def newest_draw():
    return db.session.query(Draw).order_by(Draw.id.desc()).first()


@pytest.fixture
def open_draw(app):
    World(enterprises=12).open()
    return newest_draw()


@pytest.fixture
def sealed_draw(app):
    World(enterprises=12).open(stratification=Stratification.RISK)
    return newest_draw()


def test_an_open_bundle_holds_every_file_and_is_named_after_the_draw(open_draw):
    names = set(contents(bundle_of(open_draw)))
    lists = {name for name in names if name.startswith(("drawn/", "reserve/"))}
    assert names - lists == OPEN_FILES
    assert len(lists) == 2 * len(open_draw.quotas)
    assert bundle_name(open_draw) == f"{open_draw.number}.zip"


def test_the_same_draw_always_gives_the_same_bytes(open_draw):
    assert bundle_of(open_draw) == bundle_of(open_draw)


def test_later_draws_do_not_change_a_bundle(app):
    world = World(enterprises=12)
    world.open()
    first = newest_draw()
    before = bundle_of(first)
    world.open()
    assert bundle_of(first) == before


def test_a_later_draw_carries_the_log_of_the_earlier_without_its_records(app, tmp_path):
    world = World(enterprises=12)
    world.open()
    world.open()
    second = newest_draw()
    raw = bundle_of(second)
    lines = contents(raw)["log.jsonl"].decode().splitlines()
    assert ['"record":' in line for line in lines] == [False] * 4 + [True] * 4
    answer = verify(raw, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    "stratification", [Stratification.NONE, Stratification.DISTRICT, Stratification.ATTENTION]
)
def test_the_bundle_is_accepted_by_its_own_verifier(app, tmp_path, stratification):
    World(enterprises=12).open(stratification=stratification)
    answer = verify(bundle_of(newest_draw()), tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_r29_a_sealed_bundle_shows_no_strata_of_firms(sealed_draw):
    files = contents(bundle_of(sealed_draw))
    assert "roster.tsv" not in files
    assert "salts.tsv" not in files
    assert not [name for name in files if name.startswith(("drawn/", "reserve/"))]
    codes = {quota.stratum for quota in sealed_draw.quotas}
    leaves = files["leaves.tsv"].decode() + files["drawn.txt"].decode()
    assert not [code for code in codes if code in leaves]


@pytest.mark.parametrize("auditor", [False, True])
def test_r29_both_forms_of_a_sealed_bundle_are_accepted(sealed_draw, tmp_path, auditor):
    answer = verify(bundle_of(sealed_draw, auditor=auditor), tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_auditors_bundle_opens_every_leaf(sealed_draw):
    files = contents(bundle_of(sealed_draw, auditor=True))
    rows, leaves, salts = (
        files[name].decode().splitlines() for name in ("roster.tsv", "leaves.tsv", "salts.tsv")
    )
    assert len(rows) == 12
    for row, leaf, salt in zip(rows, leaves, salts, strict=True):
        text = f"ssj/1/salt\n{salt.split(chr(9))[1]}\n{row}"
        assert leaf.split("\t")[1] == hashlib.sha256(text.encode()).hexdigest()


def test_single_files_are_those_of_the_zip(open_draw):
    files = contents(bundle_of(open_draw))
    assert public_names(db.session(), open_draw) == sorted(files)
    for name, whole in files.items():
        content, digest = public_file(db.session(), open_draw, name)
        assert (content if isinstance(content, bytes) else b"".join(content)) == whole
        assert digest == hashlib.sha256(whole).hexdigest()


def test_nothing_else_can_be_fetched_by_name(sealed_draw):
    for name in ("roster.tsv", "salts.tsv", "staff.json", "excluded.tsv", "../plan.txt"):
        assert public_file(db.session(), sealed_draw, name) is None


def test_before_the_result_there_is_no_bundle(app):
    world = World(enterprises=12)
    world.freeze(world.task())
    with pytest.raises(DrawNotDone):
        bundle_of(newest_draw())
