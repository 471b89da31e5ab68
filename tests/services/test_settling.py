"""Who is believed when sources disagree: the order of precedence, or the clerk, always with a trace (R13)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.vocabulary import EntityStatus, RosterField
from app.models import AuditEvent, Enterprise, EnterpriseChange, SourceDissent
from app.services import provenance, settling, sources
from app.services.search import find
from app.services.settling import NoSuchStatement, ReasonMissing
from app.services.sources import LEGAL_PERSONS, MANUAL, PUBLICITY, OrderIncomplete
from app.services.transaction import transaction
from tests.builders import Vocabularies
from tests.corpus_rosters import HEADERS, NOW, code, csv_bytes, enterprise_rows, load

LATER = NOW + timedelta(days=7)
MUCH_LATER = NOW + timedelta(days=14)


@pytest.fixture
def roster(app, session):
    Vocabularies()
    return session


@pytest.fixture
def disputed(roster, tmp_path):
    """One enterprise whose name two sources state differently; the legal-person database is believed."""
    load(tmp_path, csv_bytes([named("甲公司")]))
    load(tmp_path, csv_bytes([named("乙公司")]), source=PUBLICITY)
    return roster


def named(name, status="存续", number=1):
    return (code(number), name, status, "220104", "同志街1号")


def key_of(session, source):
    return next(each.id for each in sources.sources_in_order(session) if each.code == source)


def entity(session, number=1):
    session.expire_all()
    return session.scalars(select(Enterprise).where(Enterprise.identifier == code(number))).one()


def dissents(session):
    session.expire_all()
    rows = session.scalars(select(SourceDissent).order_by(SourceDissent.source_id)).all()
    return [(row.source.code, row.field.value, row.value, row.decided_at is not None) for row in rows]


def history(session):
    session.expire_all()
    rows = session.scalars(select(EnterpriseChange).order_by(EnterpriseChange.id)).all()
    return [(row.field.value, row.old, row.new, row.source and row.source.code, row.why) for row in rows]


def order(session, *codes):
    first = [key_of(session, each) for each in codes]
    rest = [each.id for each in sources.sources_in_order(session) if each.id not in first]
    return [*first, *rest]


def dissent_id(session):
    return session.scalars(select(SourceDissent.id)).one()


def test_R13_the_clerk_sets_who_is_believed_and_the_roster_follows(disputed):
    new_order = {RosterField.NAME: order(disputed, PUBLICITY)}
    changed = settling.set_precedence(new_order, None, LATER)
    assert changed == {RosterField.NAME: 1}
    assert entity(disputed).name == "乙公司"
    assert dissents(disputed) == [(LEGAL_PERSONS, "name", "甲公司", False)]
    assert history(disputed) == [("name", "甲公司", "乙公司", PUBLICITY, None)]
    assert settling.set_precedence(new_order, None, LATER) == {}


def test_R13_a_new_order_is_found_by_the_search_too(disputed):
    settling.set_precedence({RosterField.NAME: order(disputed, PUBLICITY)}, None, LATER)
    assert find(disputed, "乙公司", 5) == [entity(disputed).id]


def test_R13_an_order_names_every_source_once(disputed):
    with pytest.raises(OrderIncomplete):
        settling.set_precedence({RosterField.NAME: order(disputed)[1:]}, None, LATER)


def test_R13_the_clerk_decides_for_the_other_value(disputed, make_user):
    clerk = make_user("clerk")
    settling.decide(dissent_id(disputed), key_of(disputed, PUBLICITY), clerk, LATER, "已核对营业执照")
    assert entity(disputed).name == "乙公司"
    assert dissents(disputed) == [(LEGAL_PERSONS, "name", "甲公司", True)]
    assert history(disputed) == [("name", "甲公司", "乙公司", MANUAL, "已核对营业执照")]
    event = disputed.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.tag, event.actor_name) == ("enterprise:conflict:decided", "clerk")


def test_R13_the_clerk_decides_for_what_stands(disputed):
    settling.decide(dissent_id(disputed), None, None, LATER, "以法人库为准")
    assert entity(disputed).name == "甲公司"
    assert dissents(disputed) == [(PUBLICITY, "name", "乙公司", True)]
    assert history(disputed) == []


def test_R13_a_decision_outlives_the_next_file(disputed, tmp_path):
    settling.decide(dissent_id(disputed), key_of(disputed, PUBLICITY), None, LATER, "已核对")
    again = load(tmp_path, csv_bytes([named("甲公司"), *enterprise_rows(2)]), now=MUCH_LATER)
    assert (again.changed, entity(disputed).name) == (0, "乙公司")
    assert dissents(disputed) == [(LEGAL_PERSONS, "name", "甲公司", True)]


def test_R13_a_new_value_asks_the_clerk_again(disputed, tmp_path):
    settling.decide(dissent_id(disputed), key_of(disputed, PUBLICITY), None, LATER, "已核对")
    load(tmp_path, csv_bytes([named("丙公司")]), now=MUCH_LATER)
    assert entity(disputed).name == "乙公司"
    assert dissents(disputed) == [(LEGAL_PERSONS, "name", "丙公司", False)]


def test_R13_a_decision_needs_a_reason_and_a_statement(disputed):
    with pytest.raises(ReasonMissing):
        settling.decide(dissent_id(disputed), None, None, LATER, "  ")
    with pytest.raises(NoSuchStatement):
        settling.decide(dissent_id(disputed), key_of(disputed, MANUAL), None, LATER, "理由")
    assert dissents(disputed) == [(PUBLICITY, "name", "乙公司", False)]


def test_R13_the_next_source_is_believed_when_the_first_drops_the_row(disputed, tmp_path):
    load(tmp_path, csv_bytes([*enterprise_rows(2, 3), named("甲公司")]), now=LATER)
    load(tmp_path, csv_bytes(enterprise_rows(2, 3)), now=MUCH_LATER)
    assert (entity(disputed).name, dissents(disputed)) == ("乙公司", [])
    assert [row[:4] for row in history(disputed)] == [
        ("presence", "1", "0", LEGAL_PERSONS),
        ("name", "甲公司", "乙公司", PUBLICITY),
    ]


def test_R13_an_edit_is_a_statement_of_the_clerk(roster, tmp_path, make_user):
    clerk = make_user("clerk")
    load(tmp_path, csv_bytes([named("甲公司")]))
    with transaction() as session:
        item = entity(session)
        old = {"name": item.name, "status": item.status, "established_on": None}
        item.name, item.status, item.established_on = "丁公司", EntityStatus.DORMANT, date(2020, 1, 2)
        settling.note_edit(session, item, old, clerk, LATER)
    assert history(roster) == [
        ("name", "甲公司", "丁公司", MANUAL, None),
        ("status", "existing", "dormant", MANUAL, None),
        ("established_on", None, "2020-01-02", MANUAL, None),
    ]
    assert dissents(roster) == [
        (LEGAL_PERSONS, "name", "甲公司", True),
        (LEGAL_PERSONS, "status", "existing", True),
    ]
    again = load(tmp_path, csv_bytes([named("甲公司"), *enterprise_rows(2)]), now=MUCH_LATER)
    assert (again.changed, entity(roster).name) == (0, "丁公司")


def test_R13_every_field_has_its_source_and_dates(disputed, tmp_path):
    headers = (*HEADERS[:4], "经营范围")
    load(tmp_path, csv_bytes([(*named("乙公司")[:4], "餐饮")], headers=headers), source=PUBLICITY, now=LATER)
    load(tmp_path, csv_bytes([named("甲公司", "歇业")]), now=MUCH_LATER)
    found = {each.field.value: each for each in provenance.field_sources(disputed, entity(disputed))}
    names = {field: each.source.code for field, each in found.items()}
    assert names["name"] == names["status"] == LEGAL_PERSONS
    assert names["business_scope"] == PUBLICITY
    assert (found["name"].since, found["status"].since) == (NOW, MUCH_LATER)
    assert (found["business_scope"].since, found["name"].confirmed) == (LATER, MUCH_LATER)


def test_R13_a_source_listing_has_its_dates(disputed, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(2, 3)), is_whole=True, now=LATER)
    first, second = provenance.listings_of(disputed, entity(disputed).id)
    assert (first.source.code, first.first, first.gone) == (LEGAL_PERSONS, NOW, LATER)
    assert (second.source.code, second.gone) == (PUBLICITY, None)


def test_R13_coverage_counts_each_source_the_overlap_and_the_conflicts(disputed, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(2, 3)))
    found = provenance.coverage(disputed)
    legal, public = key_of(disputed, LEGAL_PERSONS), key_of(disputed, PUBLICITY)
    assert (found.enterprises, found.listed) == (3, {legal: 3, public: 1})
    assert dict(found.overlaps) == {(legal,): 2, (legal, public): 1}
    assert found.conflicts == {RosterField.NAME: 1}


def test_R13_old_names_are_kept(roster, tmp_path):
    for name, now in (("甲公司", NOW), ("乙公司", LATER), ("丙公司", MUCH_LATER)):
        load(tmp_path, csv_bytes([named(name)]), now=now)
    assert provenance.former_names(roster, entity(roster).id) == ["乙公司", "甲公司"]
