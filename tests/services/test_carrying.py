"""Backup, restore and copy: equal rows, equal chains, on either database and from one to the other (R8)."""

import io
import json
import struct
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text

import config
from app import installation
from app.domain.vocabulary import JobKind, JobState
from app.extensions import db
from app.models import Enterprise, GroupMeeting, Job
from app.services import carrying
from app.services.carrying.archive import BackupDamaged, OtherKey, digests, read_manifest
from app.services.carrying.emptiness import NotEmpty
from app.services.carrying.rows import parsed, written
from app.services.carrying.stores import read_table
from app.services.carrying.tables import Carried, Column, Form, carried_tables, still_picture
from app.services.search import find
from app.services.setup import ensure_vocabularies
from app.services.storage import store
from app.services.transaction import transaction
from tests.builders import World, make_enterprise
from tests.conftest import close

NOW = datetime(2026, 4, 1, 2, 3, 4, 567000, tzinfo=UTC)
ODD = "制表\t换行\n回车\r反斜杠\\N \\\\ 引号'\" 表情😀"
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}
KEY = config.Testing.AUDIT_KEY


@pytest.fixture(scope="module")
def bureau(database, on_a_copy):
    """A bureau at work: a task whose visits are open, a file, a waiting job, odd texts."""
    made = on_a_copy(database, "source")
    with made.app_context():
        made.appbuilder.sm.bootstrap()
        world = World(enterprises=4, inspectors=4)
        world.open(ppm=1_000_000)
        with transaction() as session:
            session.add(
                Job(kind=JobKind.EXPORT, title=ODD, arguments={"文": [1, None, ODD]}, queued_at=NOW, rate=0.5)
            )
            session.add(GroupMeeting(held_on=NOW.date(), topic=ODD, chair="组长", attendees=3, decisions=ODD))
            store(session, [bytes(range(256)) * 9], "bytes")
    yield made
    close(made)


@pytest.fixture
def source(bureau):
    with bureau.app_context():
        yield bureau


@pytest.fixture(scope="module")
def vacant(database, on_a_copy):
    """An empty system that stays empty, because everything is refused."""
    made = on_a_copy(database, "vacant")
    yield made
    close(made)


@pytest.fixture
def empty(database, migrated_application):
    """Build an empty system of either kind."""
    return lambda kind: migrated_application(kind, "target")


def backup():
    file = io.BytesIO()
    manifest = carrying.take_backup(db.engine, file, KEY, NOW)
    file.seek(0)
    return file, manifest


def contents(engine):
    """Digest and rows of every table but those that a move changes on purpose."""
    return {name: rest for name, *rest in digests(engine) if name != "job"}


@pytest.mark.parametrize("crossing", [False, True], ids=["same", "other"])
def test_r8_a_backup_restored_on_an_empty_system_is_the_same_system(source, database, empty, crossing):
    file, _manifest = backup()
    before, chains = contents(db.engine), installation.chains()
    with empty(OTHER[database] if crossing else database).app_context():
        said = installation.restore(file)
        assert contents(db.engine) == before
        assert {name: said[name] for name in ("audit", "log")} == chains
        job = db.session.query(Job).filter_by(title=ODD).one()
        assert (job.arguments, job.queued_at, job.rate) == ({"文": [1, None, ODD]}, NOW, 0.5)
        assert (job.state, job.error_code) == (JobState.FAILED, "job_restored")
        name = db.session.query(Enterprise).first().name
        assert find(db.session(), name, 5) != []
        make_enterprise()  # keys go on after the highest


def test_everything_is_copied_to_the_other_database_and_compared(source, database, empty):
    before = contents(db.engine)
    target = empty(OTHER[database])
    copied = installation.copy_to(target)
    assert copied.rows == sum(rows for _, rows, _ in digests(db.engine))
    with target.app_context():
        assert contents(db.engine) == before
        assert target.appbuilder.sm.find_user("planner").roles[0].name == "抽查组织人"


def test_a_backup_shows_one_moment_however_others_go_on(source):
    with still_picture(db.engine) as picture:
        table = next(table for table in carried_tables(picture) if table.name == "enterprise")
        first = b"".join(read_table(picture, table))
        with db.engine.begin() as busy:
            busy.execute(
                insert(Enterprise).values(identifier="LATER", identifier_kind="unified", name="后来者")
            )
        assert b"".join(read_table(picture, table)) == first


def test_a_system_in_use_is_never_overwritten(source):
    file, _ = backup()
    before = dict(contents(db.engine))
    with pytest.raises(NotEmpty):
        installation.restore(file)
    with pytest.raises(NotEmpty):
        installation.copy_to(source)
    assert contents(db.engine) == before


def test_what_setting_up_entered_makes_room(source, database, empty):
    file, _ = backup()
    before = contents(db.engine)
    with empty(database).app_context():
        ensure_vocabularies()
        installation.restore(file)
        assert contents(db.engine) == before


def test_a_backup_under_another_key_is_refused(source):
    file, _ = backup()
    with pytest.raises(OtherKey):
        read_manifest(file, "another")


@pytest.mark.parametrize(
    "part", ["tables/ab_user.txt", "tables/enterprise.txt", "tables/audit_event.txt", "manifest.json", "end"]
)
def test_r8_a_damaged_backup_restores_nothing(source, vacant, part):
    file, _ = backup()
    with vacant.app_context():
        with pytest.raises(BackupDamaged):
            installation.restore(damaged(file, part))
        assert all(rows == 0 for _, rows, _ in digests(db.engine))


def damaged(file, part):
    """The backup with one wrong byte in the middle of a part, or without its end."""
    content = bytearray(file.getvalue())
    if part == "end":
        return io.BytesIO(content[:-100])
    info = zipfile.ZipFile(file).getinfo(part)
    names = struct.unpack_from("<HH", content, info.header_offset + 26)
    content[info.header_offset + 30 + sum(names) + info.compress_size // 2] ^= 0x55
    return io.BytesIO(content)


def test_r8_a_row_that_was_taken_out_is_noticed(source, vacant):
    file, _ = backup()
    doctored = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(doctored, "w") as new:
        for name in old.namelist():
            lines = old.read(name).splitlines(keepends=True)
            new.writestr(name, b"".join(lines[1:] if name == "tables/audit_event.txt" else lines))
    with vacant.app_context(), pytest.raises(BackupDamaged):
        installation.restore(doctored)


def test_a_backup_names_its_tables_its_schema_and_no_key(source):
    file, manifest = backup()
    said = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    assert said["revision"] == db.session.scalar(text("SELECT version_num FROM alembic_version"))
    assert {"ab_user", "enterprise", "audit_event", "stored_chunk"} <= {
        table["name"] for table in said["tables"]
    }
    assert "web_session" not in {table["name"] for table in said["tables"]}
    assert KEY not in json.dumps(said)
    assert manifest.rows == sum(table["rows"] for table in said["tables"])


CELLS = {
    Form.TEXT: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    Form.NUMBER: st.integers()
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: x != int(x)),
    Form.TRUTH: st.booleans(),
    Form.MOMENT: st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S.%f")),
    Form.BYTES: st.binary(),
}


@given(st.data())
def test_every_value_of_sqlite_survives_the_text(data):
    forms = data.draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=6))
    table = Carried("t", tuple(Column(f"c{n}", form, False, False) for n, form in enumerate(forms)))
    rows = data.draw(st.lists(st.tuples(*(st.none() | CELLS[form] for form in forms)), max_size=5))
    cut = data.draw(st.integers(1, 7))
    whole = b"".join(written(table, rows))
    assert list(parsed(table, (whole[at : at + cut] for at in range(0, len(whole), cut)))) == rows


def test_the_commands_say_what_they_did_in_one_line(bureau, empty, database, tmp_path):
    file = tmp_path / "backup.zip"
    taken = json.loads(bureau.test_cli_runner().invoke(args=["backup", str(file)]).stdout)
    assert taken["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0
    runner = empty(database).test_cli_runner()
    said = json.loads(runner.invoke(args=["restore", str(file)]).stdout)
    assert said["rows"] == taken["rows"]
    again = runner.invoke(args=["restore", str(file)])
    assert again.exit_code == 1
    assert "只能写入空的数据库" in again.stderr


def test_the_command_copies_to_the_address_it_is_given(bureau, empty, database, monkeypatch):
    monkeypatch.setenv("APP_ENV", "testing")
    target = empty(OTHER[database])
    url = target.config["SQLALCHEMY_DATABASE_URI"]
    answer = bureau.test_cli_runner().invoke(args=["copy", "--to", url])
    with bureau.app_context():
        assert json.loads(answer.stdout)["rows"] == sum(rows for _, rows, _ in digests(db.engine))
