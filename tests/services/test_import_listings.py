"""名单与投诉 from files (art. 5, R30)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.vocabulary import ImportKind, ListType
from app.models import Complaint, Listing
from tests.builders import Vocabularies
from tests.corpus_rosters import LISTING_HEADERS, code, csv_bytes, enterprise_rows, load

ABNORMAL, DISHONEST, COMPLAINT = "经营异常名录", "严重违法失信名单", "投诉举报"


@pytest.fixture
def roster(app, session, tmp_path):
    Vocabularies()
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    return session


def row(number, list_type, on, reason="", removed="", name=None):
    name = f"长春市样例{number}商贸有限公司" if name is None else name
    return (code(number), name, list_type, on, reason, removed, "朝阳区市场监督管理局")


def load_rows(folder, *rows):
    return load(folder, csv_bytes(rows, headers=LISTING_HEADERS), ImportKind.LISTINGS, "listings.csv")


def reasons(outcome):
    return [(reject.line, reject.error.code) for reject in outcome.rejects]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_r30_listings_and_complaints_are_entered(roster, tmp_path):
    rows = [
        row(1, ABNORMAL, "2025-01-02", "无法联系"),
        row(1, DISHONEST, "2025-01-02"),
        row(2, COMPLAINT, "2025-03-04", "不退款"),
    ]
    outcome = load_rows(tmp_path, *rows)
    assert (outcome.added, outcome.rejected) == (3, 0)
    listing = roster.scalars(select(Listing).where(Listing.list_type == ListType.ABNORMAL_OPERATIONS)).one()
    assert (listing.included_on, listing.removed_on, listing.reason) == (date(2025, 1, 2), None, "无法联系")
    complaint = roster.scalars(select(Complaint)).one()
    assert (complaint.received_on, complaint.subject, complaint.ordinal) == (date(2025, 3, 4), "不退款", 1)
    assert load_rows(tmp_path, *rows).unchanged == 3


def test_r30_a_removal_is_a_change_of_the_listing(roster, tmp_path):
    load_rows(tmp_path, row(1, ABNORMAL, "2025-01-02", "无法联系"))
    outcome = load_rows(tmp_path, row(1, ABNORMAL, "2025-01-02", removed="2025-06-01"))
    assert (outcome.added, outcome.changed) == (0, 1)
    listing = roster.scalars(select(Listing)).one()
    assert (listing.removed_on, listing.reason) == (date(2025, 6, 1), "无法联系")


def test_listed_again_after_removal_is_a_new_listing(roster, tmp_path):
    outcome = load_rows(
        tmp_path, row(1, ABNORMAL, "2024-01-02", removed="2024-05-01"), row(1, ABNORMAL, "2025-01-02")
    )
    assert outcome.added == count(roster, Listing) == 2


def test_two_complaints_on_one_day_are_two(roster, tmp_path):
    rows = [row(1, COMPLAINT, "2025-03-04", "不退款"), row(1, COMPLAINT, "2025-03-04", "无凭证")]
    assert load_rows(tmp_path, *rows).added == 2
    assert roster.scalars(select(Complaint.ordinal).order_by(Complaint.ordinal)).all() == [1, 2]
    assert load_rows(tmp_path, *rows, row(1, COMPLAINT, "2025-03-04", "第三件")).counts()["added"] == 1


BAD = {
    "unknown enterprise": (row(99, ABNORMAL, "2025-01-02"), "row_enterprise_unknown"),
    "unknown list": (row(1, "黑名单", "2025-01-02"), "row_term_unknown"),
    "no list": (row(1, "", "2025-01-02"), "row_value_missing"),
    "no date": (row(1, ABNORMAL, ""), "row_value_missing"),
    "no such date": (row(1, ABNORMAL, "2025-02-30"), "row_date_unreadable"),
    "removed before": (row(1, ABNORMAL, "2025-01-02", removed="2024-12-31"), "row_dates_reversed"),
    "reason too long": (row(1, ABNORMAL, "2025-01-02", "长" * 201), "row_value_too_long"),
    "repeated": (row(2, ABNORMAL, "2025-01-02"), "row_repeated"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_a_row_that_cannot_be_entered_comes_back(roster, tmp_path, bad, reason):
    outcome = load_rows(tmp_path, row(2, ABNORMAL, "2025-01-02"), bad)
    assert (outcome.added, reasons(outcome)) == (1, [(3, reason)])


def test_another_name_than_on_the_roster_is_flagged(roster, tmp_path):
    outcome = load_rows(tmp_path, row(1, ABNORMAL, "2025-01-02", name="别家公司"))
    assert (outcome.added, dict(outcome.flags)) == (1, {"flag_name_differs": 1})
