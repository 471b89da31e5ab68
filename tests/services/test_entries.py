"""What is typed on the spot is kept once and completed into a finding (R15, R32, R49, R51, R96)."""

from datetime import date, timedelta

import pytest

from app.domain.entries import EntriesDisagree, EntriesUnseen, EntryMismatch, EntryUnknown
from app.domain.evidence import IdentityNumberWritten
from app.domain.findings import CertificateLapsed, NoResult
from app.domain.vocabulary import FindingState, PointOutcome, ResultCode
from app.extensions import db
from app.models import FindingRecord, Visit, VisitEntry
from app.services import entries, visits
from app.services.drafts import draft_of, drafts_of
from app.services.teams import NotOfThisVisit
from tests.builders import DAY, NOW, World, at, clean, make_inspector, make_item
from tests.evidence_builders import make_ready, mark, typed, typed_clean

MAY = at(date(2026, 5, 20))


@pytest.fixture
def world(app):
    return World(enterprises=4, inspectors=3)


@pytest.fixture
def visit(world):
    world.open(ppm=250_000)
    return db.session.query(Visit).one()


def team(visit):
    return [member.inspector.user for member in visit.team]


def keep(visit, *typed_, actor=None):
    return entries.keep_entries(visit.id, typed_, actor or team(visit)[0], NOW)


def complete(finding, actor=None, seen=10**9):
    return entries.complete_item(finding.id, seen, actor or team(finding.visit)[0], MAY)


def fresh(finding):
    db.session.expire_all()
    return draft_of(db.session(), finding)


def test_r49_a_batch_sent_twice_is_kept_once(visit):
    batch = typed_clean(visit.findings[0])
    assert keep(visit, *batch) == len(batch)
    assert keep(visit, *batch) == 0
    assert keep(visit, *batch[2:], typed(visit.findings[0], "problem", "无")) == 1
    assert db.session.query(VisitEntry).count() == len(batch) + 1


def test_an_entry_twice_in_one_batch_is_kept_once(visit):
    one = typed(visit.findings[0], "problem", "缺台账")
    keep(visit, one, one)
    assert db.session.query(VisitEntry).count() == 1


def test_a_mark_belongs_to_one_entry(visit):
    finding = visit.findings[0]
    same = mark()
    keep(visit, typed(finding, "problem", "甲", client_id=same))
    with pytest.raises(EntryMismatch) as refusal:
        keep(visit, typed(finding, "problem", "乙", client_id=same))
    assert refusal.value.params["mark"] == same


def test_a_batch_is_kept_whole_or_not_at_all(visit):
    finding = visit.findings[0]
    wrong = typed(finding, "point-999999", "ok")
    with pytest.raises(EntryUnknown) as refusal:
        keep(visit, typed(finding, "problem", "甲"), wrong)
    assert refusal.value.params["mark"] == wrong.client_id
    assert db.session.query(VisitEntry).count() == 0


def test_r32_nothing_is_kept_before_the_team_is_disclosed(world):
    world.match(world.drawn(ppm=250_000))
    visit = db.session.query(Visit).one()
    with pytest.raises(visits.VisitNotOpen):
        keep(visit, typed(visit.findings[0], "problem", "甲"))


def test_r49_only_the_team_types(world, visit):
    finding = visit.findings[0]
    stranger = next(person.user for person in world.inspectors if person.user not in team(visit))
    for outsider in (stranger, world.planner, world.approver):
        with pytest.raises(NotOfThisVisit):
            keep(visit, typed(finding, "problem", "甲"), actor=outsider)
        with pytest.raises(NotOfThisVisit):
            complete(finding, actor=outsider)


def test_r49_each_department_types_into_its_own_part(world):
    for _ in range(2):
        make_inspector(agency="A02")
    world.open(versions=[make_item("XC-91"), make_item("JL-91", agency="A02")], ppm=250_000)
    visit = db.session.query(Visit).one()
    for finding in visit.findings:
        for member in visit.team:
            own = member.inspector.agency_id == finding.agency_id
            if own:
                assert keep(visit, typed(finding, "problem", "甲"), actor=member.inspector.user) == 1
            else:
                with pytest.raises(NotOfThisVisit):
                    keep(visit, typed(finding, "problem", "甲"), actor=member.inspector.user)


def test_what_a_replaced_inspector_typed_still_arrives(visit):
    visit.team[1].left_at = NOW
    person = visit.members[1].inspector.user
    db.session.commit()
    assert keep(visit, typed(visit.findings[0], "problem", "甲"), actor=person) == 1


def test_the_draft_is_the_newest_entry_of_every_field(visit):
    finding = visit.findings[0]
    keep(
        visit,
        typed(finding, "problem", "缺"),
        typed(finding, "problem", "缺台账"),
        typed(finding, "result", "2"),
    )
    values = fresh(finding).values
    assert (values["problem"], values["result"]) == ("缺台账", "2")
    assert values["method"] == "on_site"
    assert values["checked_on"] == DAY.isoformat()


def test_r49_two_inspectors_lose_neither_value_and_choose(visit):
    finding = visit.findings[0]
    first, second = team(visit)
    keep(visit, *typed_clean(finding), typed(finding, "problem", "甲说"), actor=first)
    keep(visit, typed(finding, "problem", "乙说"), actor=second)
    draft = fresh(finding)
    assert draft.disputed == ["problem"]
    standing = draft.fields["problem"]
    assert (standing.newest.value, [rival.value for rival in standing.rivals]) == ("乙说", ["甲说"])
    with pytest.raises(EntriesDisagree):
        complete(finding, first)
    keep(visit, typed(finding, "problem", "甲说", seen=draft.newest), actor=second)
    assert fresh(finding).disputed == []
    assert complete(finding, first) == 1
    assert [
        row.value for row in db.session.query(VisitEntry).filter_by(field="problem").order_by(VisitEntry.id)
    ] == [
        "甲说",
        "乙说",
        "甲说",
    ]


def test_r49_an_item_is_not_completed_over_what_a_colleague_typed_unseen(visit):
    finding = visit.findings[0]
    first, second = team(visit)
    keep(visit, *typed_clean(finding), actor=first)
    seen = fresh(finding).newest
    point = finding.task_item.version.points[0].id
    keep(visit, typed(finding, f"note-{point}", "补充", seen=seen), actor=second)
    with pytest.raises(EntriesUnseen):
        complete(finding, first, seen=seen)
    assert complete(finding, first, seen=fresh(finding).newest) == 1


def test_completing_runs_every_rule_of_recording(visit):
    finding = visit.findings[0]
    with pytest.raises(NoResult):
        complete(finding)
    keep(visit, *typed_clean(finding))
    assert complete(finding) == 1
    db.session.expire_all()
    assert finding.state == FindingState.RECORDED
    assert {row.code for row in finding.latest.results} == {ResultCode.NO_ISSUE}
    assert {row.outcome for row in finding.latest.points} == {PointOutcome.NO_ISSUE}


def test_completing_twice_makes_one_version(visit):
    finding = visit.findings[0]
    keep(visit, *typed_clean(finding))
    assert [complete(finding), complete(finding)] == [1, 1]
    keep(visit, typed(finding, f"note-{finding.task_item.version.points[0].id}", "补记"))
    assert not fresh(finding).is_clean
    assert [complete(finding), complete(finding)] == [2, 2]
    assert db.session.query(FindingRecord).count() == 2


def test_r15_a_certificate_expired_that_day_blocks_with_the_name(visit):
    person = visit.team[1].inspector
    person.certificates[0].valid_to = visit.planned_on - timedelta(days=1)
    db.session.commit()
    finding = visit.findings[0]
    keep(visit, *typed_clean(finding))
    with pytest.raises(CertificateLapsed) as refusal:
        complete(finding)
    assert refusal.value.params["name"] == person.name
    assert not fresh(finding).is_clean


def test_a_record_on_the_desk_takes_up_what_was_typed_before_and_leaves_what_comes_after(visit):
    finding = visit.findings[0]
    first, second = team(visit)
    keep(visit, typed(finding, "problem", "先"), actor=first)
    visits.record_finding(finding.id, clean(finding), first, MAY)
    assert fresh(finding).is_clean
    keep(visit, typed(finding, "result", "2"), actor=second)
    draft = fresh(finding)
    assert not draft.is_clean
    assert draft.values["result"] == "2"
    assert [rival.value for rival in draft.fields["result"].rivals] == ["1"]


def test_r49_the_desk_takes_up_what_it_showed_and_leaves_what_came_later(visit):
    finding = visit.findings[0]
    first, second = team(visit)
    keep(visit, typed(finding, "problem", "先"), actor=first)
    shown = fresh(finding).newest
    keep(visit, typed(finding, "result", "2", seen=shown), actor=second)
    assert entries.record_over(finding.id, clean(finding), shown, first, MAY) == 1
    draft = fresh(finding)
    assert (draft.is_clean, draft.values["result"]) == (False, "2")
    with pytest.raises(EntriesDisagree):
        entries.record_over(finding.id, clean(finding), shown, first, MAY)


def test_what_arrives_after_the_form_was_handed_in_is_kept_and_changes_nothing(visit):
    finding = visit.findings[0]
    keep(visit, *typed_clean(finding))
    complete(finding)
    make_ready(visit)
    visits.submit_visit(visit.id, team(visit)[0])
    assert keep(visit, typed(finding, "result", "2"), actor=team(visit)[1]) == 1
    db.session.expire_all()
    assert finding.state == FindingState.SUBMITTED
    assert {row.code for row in finding.latest.results} == {ResultCode.NO_ISSUE}


def test_a_returned_item_is_completed_anew_without_being_typed_anew(world, visit):
    finding = visit.findings[0]
    keep(visit, *typed_clean(finding))
    complete(finding)
    make_ready(visit)
    visits.submit_visit(visit.id, team(visit)[0])
    visits.return_finding(finding.id, "缺照片", world.approver)
    assert complete(finding) == 2
    visits.submit_visit(visit.id, team(visit)[0])


def test_r96_a_card_check_is_not_completed_with_an_identity_number(world):
    world.open(versions=[make_item("XC-96", name="单用途预付卡管理")], ppm=250_000)
    visit = db.session.query(Visit).one()
    finding = visit.findings[0]
    point = finding.task_item.version.points[0].id
    keep(visit, *typed_clean(finding), typed(finding, f"note-{point}", "购卡人身份证 22010419900101123X"))
    with pytest.raises(IdentityNumberWritten):
        complete(finding)
    keep(visit, typed(finding, f"note-{point}", "抽查 20 笔，缺 3 笔"))
    assert complete(finding) == 1


def test_the_drafts_of_a_visit_are_those_of_its_items(visit):
    keep(visit, typed(visit.findings[0], "problem", "甲"))
    drafts = drafts_of(db.session(), visit)
    assert {number: draft.values.get("problem") for number, draft in drafts.items()} == {
        visit.findings[0].id: "甲"
    }
