"""kill -9 in the middle of a load: the roster is as it was before or as it is after, and a second try completes."""

import hashlib
import os
import random
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.domain.vocabulary import ImportKind
from app.extensions import db
from app.models import (
    CategoryMembership,
    Enterprise,
    EnterpriseChange,
    ImportBatch,
    RosterSource,
    SourceClaim,
    TargetCategory,
)
from app.services.roster_import import load_file
from app.services.setup import ensure_vocabularies
from tests.conftest import empty_tables
from tests.corpus_rosters import HEADERS, NOW, code, csv_bytes

MOMENTS = 30
ROWS = 1500
LATER = NOW + timedelta(days=7)

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")]


@pytest.fixture
def weeks(app, tmp_path):
    """Two files of one source: rows changed, new and gone in the second."""
    first = [row(number) for number in range(ROWS)]
    second = [
        row(number, "新名" if number % 3 == 0 else "") for number in range(ROWS // 10, ROWS + ROWS // 10)
    ]
    paths = [tmp_path / "first.csv", tmp_path / "second.csv"]
    for path, rows in zip(paths, (first, second), strict=True):
        path.write_bytes(csv_bytes(rows, headers=(*HEADERS, "分类名录")))
    return paths


def row(number, name=""):
    category = "汽车销售" if number % 5 == 0 else ""
    return (code(number), f"长春市样例{number}商贸有限公司{name}", "存续", "220104", "同志街1号", category)


def begin(path):
    """An empty database with the first week in it."""
    db.session.remove()
    empty_tables()
    ensure_vocabularies()
    load_file(ImportKind.ENTERPRISES, path, None, NOW)
    return settled_digest()


def killed(path, delay):
    """Load a file in a child process and kill it after so many seconds."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            load_file(ImportKind.ENTERPRISES, path, None, LATER)
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def settled_digest():
    """The digest of the roster once the server has noticed that its client is gone."""
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        while db.session.scalar(others):
            time.sleep(0.02)
            db.session.rollback()
    found = hashlib.sha256()
    for query in QUERIES:
        for line in sorted(repr(tuple(each)) for each in db.session.execute(query)):
            found.update(line.encode())
    db.session.remove()
    db.engine.dispose()
    return found.hexdigest()


ROSTER = [column for column in Enterprise.__table__.c if column.name != "id"]
CODE = Enterprise.identifier
QUERIES = (
    select(*ROSTER),
    select(CODE, TargetCategory.code, CategoryMembership.source)
    .join(CategoryMembership, CategoryMembership.enterprise_id == Enterprise.id)
    .join(TargetCategory, TargetCategory.id == CategoryMembership.category_id),
    select(
        CODE,
        RosterSource.code,
        SourceClaim.stated,
        SourceClaim.line_hash,
        SourceClaim.gone_batch_id.is_(None),
    )
    .join(SourceClaim, SourceClaim.enterprise_id == Enterprise.id)
    .join(RosterSource, RosterSource.id == SourceClaim.source_id),
    select(CODE, EnterpriseChange.field, EnterpriseChange.old, EnterpriseChange.new).join(
        EnterpriseChange, EnterpriseChange.enterprise_id == Enterprise.id
    ),
    select(ImportBatch.file_name, ImportBatch.read, ImportBatch.added, ImportBatch.changed, ImportBatch.gone),
    select(func.count()).select_from(ImportBatch),
)


def test_a_load_that_is_killed_leaves_the_roster_as_before_or_as_after(weeks):
    first, second = weeks
    before = begin(first)
    start = time.perf_counter()
    load_file(ImportKind.ENTERPRISES, second, None, LATER)
    duration = time.perf_counter() - start
    after = settled_digest()
    assert begin(first) == before != after
    dice, found = random.Random(20260302), []
    for _ in range(MOMENTS):
        killed(second, dice.uniform(0, duration * 1.1))
        found.append(settled_digest())
        if found[-1] == after:
            assert begin(first) == before
    assert set(found) <= {before, after}
    assert before in found
    load_file(ImportKind.ENTERPRISES, second, None, LATER)
    assert settled_digest() == after
