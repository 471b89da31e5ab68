"""Several sources of one roster: who is believed, what is kept beside it, what came and went (R13)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.provenance import CONFLICT_FIELDS, bits
from app.domain.vocabulary import EntityStatus, ImportKind, RosterField
from app.models import Enterprise, EnterpriseChange, ImportBatch, SourceClaim, SourceDissent
from app.services import sources
from app.services.roster_import import load_file, preview
from app.services.sources import LEGAL_PERSONS, PUBLICITY, SourceUnknown
from app.services.transaction import transaction
from tests.builders import Vocabularies
from tests.corpus_rosters import HEADERS, NOW, code, csv_bytes, enterprise_rows, load, xlsx_bytes

WEEK = timedelta(days=7)


@pytest.fixture
def roster(app, session):
    Vocabularies()
    return session


def named(number, name, status="存续", address="同志街1号"):
    return (code(number), name, status, "220104", address)


def stored(session, number):
    session.expire_all()
    return session.scalars(select(Enterprise).where(Enterprise.identifier == code(number))).one()


def source_id(session, code):
    return sources.source_named(session, code).id


def dissents(session):
    session.expire_all()
    rows = session.scalars(select(SourceDissent).order_by(SourceDissent.id)).all()
    return [(row.enterprise.identifier, row.source.code, row.field.value, row.value) for row in rows]


def changes(session, number):
    session.expire_all()
    query = select(EnterpriseChange).join(Enterprise).where(Enterprise.identifier == code(number))
    return [
        (row.field.value, row.old, row.new) for row in session.scalars(query.order_by(EnterpriseChange.id))
    ]


def claim_of(session, number, source):
    session.expire_all()
    return session.get(SourceClaim, (stored(session, number).id, source_id(session, source)))


def prefer(session, field, *codes):
    with transaction() as session:
        order = [source.id for source in sources.sources_in_order(session)]
        first = [
            source.id for code in codes for source in sources.sources_in_order(session) if source.code == code
        ]
        rest = [key for key in order if key not in first]
        return sources.set_precedence(session, {field: [*first, *rest]}, None, NOW)


def test_R13_each_source_claims_the_fields_it_states(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1)))
    claim = claim_of(roster, 1, LEGAL_PERSONS)
    stated = {*CONFLICT_FIELDS, RosterField.TERRITORY, RosterField.JURISDICTION}
    assert (claim.stated, claim.gone_batch_id) == (bits(stated), None)
    assert claim.first_batch_id == claim.batch_id == roster.scalar(select(ImportBatch.id))


def test_R13_a_source_that_is_not_believed_changes_nothing_and_is_kept(roster, tmp_path):
    load(tmp_path, csv_bytes([named(1, "长春市甲商贸有限公司")]))
    outcome = load(tmp_path, csv_bytes([named(1, "长春市乙商贸有限公司")]), source=PUBLICITY)
    assert (outcome.unchanged, outcome.conflicts) == (1, 1)
    assert stored(roster, 1).name == "长春市甲商贸有限公司"
    assert dissents(roster) == [(code(1), PUBLICITY, "name", "长春市乙商贸有限公司")]


def test_R13_a_better_source_overrules_and_the_other_value_is_kept(roster, tmp_path):
    load(tmp_path, csv_bytes([named(1, "甲公司", "存续")]), source=PUBLICITY)
    outcome = load(tmp_path, csv_bytes([named(1, "甲公司", "注销")]))
    assert (outcome.changed, outcome.conflicts) == (1, 1)
    assert stored(roster, 1).status == EntityStatus.DEREGISTERED
    assert dissents(roster) == [(code(1), PUBLICITY, "status", "existing")]


def test_R13_what_one_source_leaves_blank_another_may_fill(roster, tmp_path):
    load(tmp_path, csv_bytes([named(1, "甲公司", address="")]))
    outcome = load(tmp_path, csv_bytes([named(1, "甲公司", address="人民大街2号")]), source=PUBLICITY)
    assert (outcome.changed, outcome.conflicts) == (1, 0)
    assert stored(roster, 1).address == "人民大街2号"


def test_R13_sources_that_come_to_agree_are_no_conflict_any_more(roster, tmp_path):
    load(tmp_path, csv_bytes([named(1, "甲公司")]))
    load(tmp_path, csv_bytes([named(1, "乙公司")]), source=PUBLICITY)
    load(tmp_path, csv_bytes([named(1, "甲公司")]), source=PUBLICITY, now=NOW + WEEK)
    assert dissents(roster) == []
    load(tmp_path, csv_bytes([named(1, "丙公司")]), source=PUBLICITY, now=NOW + 2 * WEEK)
    load(tmp_path, csv_bytes([named(1, "丙公司")]), now=NOW + 3 * WEEK)
    assert (stored(roster, 1).name, dissents(roster)) == ("丙公司", [])


def test_R13_a_dissent_follows_what_its_source_says_now(roster, tmp_path):
    load(tmp_path, csv_bytes([named(1, "甲公司")]))
    for name in ("乙公司", "丙公司"):
        load(tmp_path, csv_bytes([named(1, name)]), source=PUBLICITY)
    assert dissents(roster) == [(code(1), PUBLICITY, "name", "丙公司")]


def test_R13_precedence_is_set_field_by_field(roster, tmp_path):
    assert prefer(roster, RosterField.ADDRESS, PUBLICITY) == [RosterField.ADDRESS]
    load(tmp_path, csv_bytes([named(1, "甲公司")]))
    load(tmp_path, csv_bytes([named(1, "乙公司", address="新街9号")]), source=PUBLICITY)
    entity = stored(roster, 1)
    assert (entity.name, entity.address) == ("甲公司", "新街9号")
    assert dissents(roster) == [
        (code(1), LEGAL_PERSONS, "address", "同志街1号"),
        (code(1), PUBLICITY, "name", "乙公司"),
    ] or dissents(roster) == [
        (code(1), PUBLICITY, "name", "乙公司"),
        (code(1), LEGAL_PERSONS, "address", "同志街1号"),
    ]


def test_an_unknown_source_is_refused(roster, tmp_path):
    with pytest.raises(SourceUnknown):
        load(tmp_path, csv_bytes(enterprise_rows(1)), source="nowhere")


def test_R13_a_rename_is_kept_as_history(roster, tmp_path):
    load(tmp_path, csv_bytes([named(1, "甲公司")]))
    load(tmp_path, csv_bytes([named(1, "乙公司")]), now=NOW + WEEK)
    load(tmp_path, csv_bytes([named(1, "丙公司")]), now=NOW + 2 * WEEK)
    assert changes(roster, 1) == [("name", "甲公司", "乙公司"), ("name", "乙公司", "丙公司")]


def test_R13_a_row_that_disappears_is_marked_and_never_deleted(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    outcome = load(tmp_path, csv_bytes(enterprise_rows(1, 2)), now=NOW + WEEK)
    assert (outcome.unchanged, outcome.gone, outcome.is_whole) == (2, 1, True)
    assert stored(roster, 3).status == EntityStatus.EXISTING
    assert claim_of(roster, 3, LEGAL_PERSONS).gone_batch_id == outcome.batch_id
    assert changes(roster, 3) == [("presence", "1", "0")]
    assert outcome.samples["gone"][0]["identifier"] == code(3)


def test_R13_a_row_that_comes_back_is_no_longer_gone(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)), now=NOW + WEEK)
    outcome = load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)), now=NOW + 2 * WEEK)
    assert (outcome.unchanged, outcome.gone) == (3, 0)
    assert claim_of(roster, 3, LEGAL_PERSONS).gone_batch_id is None
    assert changes(roster, 3) == [("presence", "1", "0"), ("presence", "0", "1")]


def test_R13_what_one_source_dropped_another_still_lists(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)), source=PUBLICITY)
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)), now=NOW + WEEK)
    assert claim_of(roster, 3, PUBLICITY).gone_batch_id is None


def test_R13_a_file_of_a_few_rows_is_no_whole_list(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(*range(1, 6))))
    few = load(tmp_path, csv_bytes(enterprise_rows(1, 2)), now=NOW + WEEK)
    assert (few.unchanged, few.gone, few.is_whole) == (2, 0, False)
    said = load(tmp_path, csv_bytes(enterprise_rows(1)), now=NOW + WEEK, is_whole=True)
    assert (said.gone, said.is_whole) == (4, True)


def test_R13_a_refused_row_is_not_gone(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    outcome = load(tmp_path, csv_bytes([*enterprise_rows(1, 2), named(3, "")]), now=NOW + WEEK)
    assert (outcome.rejected, outcome.gone) == (1, 0)


def test_the_same_file_says_so_at_once(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    again = load(tmp_path, csv_bytes(enterprise_rows(1, 2)), now=NOW + WEEK)
    assert (again.read, again.unchanged, again.is_same_file) == (2, 2, True)
    other = load(tmp_path, csv_bytes(enterprise_rows(2, 1)), now=NOW + WEEK)
    assert (other.read, other.unchanged, other.is_same_file) == (2, 2, False)


def test_the_same_file_again_still_gives_its_refused_rows(roster, tmp_path):
    content = csv_bytes([*enterprise_rows(1, 2), ("x",) * 5])
    load(tmp_path, content)
    again = load(tmp_path, content, now=NOW + WEEK)
    assert (again.read, again.unchanged, again.rejected, again.is_same_file) == (3, 2, 1, False)


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_known_rows_are_passed_over_and_counted(roster, tmp_path, make):
    name = f"roster.{'csv' if make is csv_bytes else 'xlsx'}"
    load(tmp_path, make(enterprise_rows(1, 2, 3)), name=name)
    rows = [named(2, "新名公司"), *enterprise_rows(1, 4)]
    outcome = load(tmp_path, make(rows), name=name, now=NOW + WEEK)
    assert (outcome.added, outcome.changed, outcome.unchanged, outcome.gone) == (1, 1, 1, 1)
    assert stored(roster, 2).name == "新名公司"


def test_a_known_row_twice_counts_once(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    again = load(tmp_path, csv_bytes(enterprise_rows(1, 2, 2)), now=NOW + WEEK)
    assert [(reject.line, reject.error.params["first_line"]) for reject in again.rejects] == [(4, 3)]


@pytest.mark.parametrize("known_first", [True, False])
def test_of_a_known_and_a_changed_row_the_first_counts(roster, tmp_path, known_first):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    pair = [*enterprise_rows(2), named(2, "别名公司")]
    rows = [*enterprise_rows(1), *(pair if known_first else pair[::-1])]
    outcome = load(tmp_path, csv_bytes(rows), now=NOW + WEEK)
    assert [(reject.line, reject.cells) for reject in outcome.rejects] == [(4, rows[2])]
    assert stored(roster, 2).name == (enterprise_rows(2)[0][1] if known_first else "别名公司")


def test_rows_are_read_anew_under_other_columns(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    headers = (*HEADERS[:4], "经营范围")
    outcome = load(tmp_path, csv_bytes(enterprise_rows(1, 2), headers=headers), now=NOW + WEEK)
    assert outcome.changed == 2
    assert stored(roster, 1).business_scope == "同志街1号"


def test_rows_with_remarks_are_read_anew_every_time(roster, tmp_path):
    odd = named(1, "甲公司", status="飞升")
    load(tmp_path, csv_bytes([odd, *enterprise_rows(2)]))
    again = load(tmp_path, csv_bytes([odd, *enterprise_rows(2, 3)]), now=NOW + WEEK)
    assert dict(again.flags) == {"flag_status_unknown": 1}


def test_a_preview_says_what_a_load_would_do_and_stores_nothing(roster, tmp_path):
    load(tmp_path, csv_bytes(enterprise_rows(1, 2, 3)))
    path = tmp_path / "next.csv"
    path.write_bytes(csv_bytes([*enterprise_rows(1, 4), named(2, "新名公司"), ("x",) * 5]))
    seen = preview(ImportKind.ENTERPRISES, path, LEGAL_PERSONS, NOW + WEEK)
    assert (seen.added, seen.changed, seen.unchanged, seen.rejected, seen.gone) == (1, 1, 1, 1, 1)
    assert seen.samples["added"][0]["identifier"] == code(4)
    assert seen.samples["changed"][0]["fields"] == {"name": ["长春市样例2商贸有限公司", "新名公司"]}
    assert seen.samples["refused"][0]["code"] == "row_identifier_wrong_length"
    assert roster.scalar(select(Enterprise.id).where(Enterprise.identifier == code(4))) is None
    assert stored(roster, 2).name == "长春市样例2商贸有限公司"
    done = load_file(ImportKind.ENTERPRISES, path, None, NOW + WEEK)
    assert (done.counts(), done.gone, done.samples) == (seen.counts(), seen.gone, seen.samples)
    assert roster.get(ImportBatch, done.batch_id).samples == seen.samples


def test_progress_is_told_and_may_stop_the_load(roster, tmp_path):
    class Stopped(Exception):
        pass

    def stop(rows):
        raise Stopped

    told = []
    load(tmp_path, csv_bytes(enterprise_rows(1)), progress=told.append)
    assert told == [1]
    with pytest.raises(Stopped):
        load(tmp_path, csv_bytes(enterprise_rows(1, 2)), progress=stop)
    assert roster.scalar(select(Enterprise.id).where(Enterprise.identifier == code(2))) is None
