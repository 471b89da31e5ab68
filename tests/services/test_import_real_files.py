"""The real files, when they are there: the counts are what the files hold."""

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain import credit_code
from app.domain.vocabulary import ImportKind, MembershipSource
from app.extensions import db
from app.models import CategoryMembership, Enterprise, TargetCategory
from app.services.roster_import import load_file
from app.services.roster_import.reading import open_table
from app.services.setup import ensure_vocabularies
from tests.conftest import empty_tables
from tests.corpus_rosters import NOW

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
OURS, OTHERS = DATA / "enterprises_changchun_sample.csv.gz", DATA / "enterprises_jilin_other_cities.csv.gz"
TAGS, FORMS = DATA / "changchun_commerce_tags.csv", DATA / "gov_samples"

pytestmark = [
    pytest.mark.real_input,
    pytest.mark.skipif(not OURS.exists(), reason="../shared/data is not there"),
]


@pytest.fixture
def roster(app, session):
    ensure_vocabularies()
    return session


@pytest.fixture(scope="module")
def city(application):
    """The city sample, loaded once; the tests add to it in the order in which they stand."""
    with application.app_context():
        ensure_vocabularies()
        yield load_enterprises(OURS)
        db.session.remove()
        empty_tables()


@pytest.fixture
def filled(application, city):
    """The session of the roster that holds the city sample."""
    with application.app_context():
        yield db.session
        db.session.remove()


def rows_of(path):
    packed = path.suffix == ".gz"
    text = (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def load_enterprises(path):
    outcome = load_file(ImportKind.ENTERPRISES, path, None, NOW)
    assert outcome.read == outcome.added + outcome.changed + outcome.unchanged + outcome.rejected
    return outcome


def count(session, *conditions):
    return session.scalar(select(func.count()).select_from(Enterprise).where(*conditions))


def test_r11_other_cities_are_kept_flagged_and_never_ours(roster):
    first = load_enterprises(OTHERS)
    assert (first.read, first.added, first.rejected) == (37_564, 37_560, 4)
    assert Counter(reject.error.code for reject in first.rejects) == {
        "row_repeated": 3,
        "row_identifier_wrong_length": 1,
    }
    assert first.flagged == 37_560
    assert (first.flags["flag_out_of_jurisdiction"], first.flags["flag_city_not_stated"]) == (37_528, 32)
    assert count(roster, Enterprise.in_jurisdiction) == 0
    assert load_enterprises(OTHERS).unchanged == 37_560


def test_the_city_sample_loads_and_loads_again_unchanged(filled, city):
    rows = rows_of(OURS)
    codes = Counter(row["统一社会信用代码"] for row in rows)
    faulty = [key for key in codes if credit_code.fault(key)]
    first = city
    assert (first.read, first.added) == (len(rows), len(codes)) == (30_801, 30_800)
    assert [reject.error.code for reject in first.rejects] == ["row_repeated"]
    assert (first.flagged, dict(first.flags)) == (len(faulty), {"flag_wrong_check_digit": 1})
    assert first.unknown_columns == ("属地依据",)
    assert count(filled, Enterprise.in_jurisdiction) == 30_800
    again = load_enterprises(OURS)
    assert (again.added, again.changed, again.unchanged, again.rejected) == (0, 0, 30_800, 1)


def test_guesses_of_the_city_sample_are_marked_as_such(filled):
    rows = {row["统一社会信用代码"]: row for row in rows_of(OURS)}
    assert count(filled, Enterprise.territory_guessed) == sum(
        bool(row["属地代码_推断"]) for row in rows.values()
    )
    assert count(filled, Enterprise.territory_code.is_not(None), ~Enterprise.territory_guessed) == 0
    assert count(filled, Enterprise.industry_guessed) == sum(
        bool(row["行业门类_推断"]) for row in rows.values()
    )


def test_the_tags_put_enterprises_into_categories_as_guesses(filled):
    labels = Counter(label for row in rows_of(TAGS) for label in row["商务标签_按名称推断"].split(";"))
    outcome = load_enterprises(TAGS)
    assert (outcome.read, outcome.changed, outcome.flagged) == (1_729, 1_729, 0)
    query = (
        select(TargetCategory.name, func.count())
        .join(CategoryMembership)
        .where(CategoryMembership.source == MembershipSource.GUESS)
        .group_by(TargetCategory.name)
    )
    found = dict(filled.execute(query).all())
    assert found["汽车销售"] == labels["新车销售"] == 274
    assert found["成品油零售"] == labels["成品油零售"] == 166
    assert (found["拍卖"], found["二手车流通"], found["报废机动车回收"]) == (54, 43, 4)
    assert load_enterprises(TAGS).unchanged == 1_729


@pytest.mark.skipif(not FORMS.exists(), reason="../shared/data/gov_samples is not there")
def test_forms_of_public_bodies_are_read_whatever_their_extension():
    paths = [path for path in FORMS.iterdir() if path.suffix in (".xls", ".xlsx", ".csv")]
    assert paths
    for path in paths:
        with open_table(path) as rows:
            assert any(any(row.cells) for row in rows), path.name
