"""Enterprises are found by code, name, initials and address, whatever way they came into the roster."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from app.domain.vocabulary import IdentifierKind, RosterField
from app.models import Enterprise, EnterpriseChange
from app.models.search import EnterpriseSearch
from app.services import search
from app.services.search import index, lookup
from app.services.setup import ensure_vocabularies
from tests.builders import make_enterprise
from tests.corpus_rosters import NOW, code, csv_bytes, enterprise_rows, load

MUXING = "长春市沐行科技有限公司"


@pytest.fixture
def firms(session):
    """Add enterprises by name: firms("甲", "乙", address="某街1号")."""

    def add(*names, **values):
        return [make_enterprise(category=None, name=name, **values) for name in names]

    return add


def found(session, term, limit=10):
    names = dict(session.execute(select(Enterprise.id, Enterprise.name)).all())
    return [names[key] for key in search.find(session, term, limit)]


def matching(session, condition):
    return set(session.scalars(select(Enterprise.name).where(condition)))


def tokens(session):
    return dict(session.execute(text("SELECT enterprise_id, tokens FROM enterprise_search")).all())


@pytest.mark.parametrize("term", ["科技", "沐行科技", MUXING, "沐", "司", "沐行 有限", "（沐行）"])
def test_a_name_is_found_by_any_part_of_it(session, firms, term):
    firms(MUXING, "长春市樾有百货经营部")
    assert found(session, term) == [MUXING]


@pytest.mark.parametrize("term", ["ktv", "KTV", "ＫＴＶ", "金色ktv", "8090"])
def test_letters_and_digits_in_a_name_are_found_in_any_width_and_case(session, firms, term):
    firms("南关区金色KTV８０９０歌厅", MUXING)
    assert found(session, term) == ["南关区金色KTV８０９０歌厅"]


@pytest.mark.parametrize("term", ["ccsmxkj", "mxkj", "MXK", "mhkj"])
def test_a_name_is_found_by_its_initials_in_every_reading(session, firms, term):
    firms("长春市沐行科技有限公司", "长春市樾有百货经营部")
    assert found(session, term) == [] if term == "mhkj" else [MUXING]


def test_a_character_with_two_readings_is_read_with_its_neighbours(session, firms):
    firms("长春银行", "行知长安书店")
    assert found(session, "ccyh") == ["长春银行"]
    assert found(session, "xzca") == ["行知长安书店"]


@pytest.mark.parametrize("term", ["红旗街", "红旗街123号", "吉林省长春市朝阳区红旗街", "朝阳"])
def test_an_address_is_found_by_its_parts_with_or_without_the_city(session, firms, term):
    firms(MUXING, address="吉林省长春市朝阳区红旗街123号501室")
    firms("长春市樾有百货经营部", address="吉林省长春市南关区大街1号")
    assert found(session, term) == [MUXING]


def test_a_code_is_found_by_its_beginning_and_comes_first(session, firms):
    firm = firms(MUXING, identifier=code(7))[0]
    firms(f"{code(7)[:12]}号店")
    assert found(session, code(7)) == [firm.name]
    assert found(session, code(7)[:12].lower())[0] == firm.name


def test_names_that_begin_with_the_term_stand_before_those_that_contain_it(session, firms):
    firms("长春科技公司", "科技甲", "某店", address="科技街1号")
    assert found(session, "科技") == ["科技甲", "长春科技公司", "某店"]


@pytest.mark.parametrize(
    "term", ["", " ", "%", "'", '"', "a'b", "公司)", "\\", "* OR", "NEAR(", ":*", "🙂", "\x00"]
)
def test_no_character_breaks_the_search(session, firms, term):
    firms("甲")
    assert found(session, term) in ([], ["甲"])
    assert matching(session, search.named(session, term).condition) <= {"甲"}
    assert matching(session, search.located(session, term).condition) == set()


def test_the_conditions_of_a_list_agree_for_rare_and_common_terms(session, firms, monkeypatch):
    firms(MUXING, "长春市樾有科技店", "甲", address="红旗街1号")
    for common in (lookup.COMMON, dict.fromkeys(lookup.COMMON, 1)):
        monkeypatch.setattr(lookup, "COMMON", common)
        assert matching(session, search.named(session, "科技").condition) == {MUXING, "长春市樾有科技店"}
        assert matching(session, search.located(session, "红旗").condition) == {
            MUXING,
            "长春市樾有科技店",
            "甲",
        }


def test_an_edit_moves_the_index_with_it(session, firms):
    firm = firms(MUXING)[0]
    firm.name, firm.address = "长春市新名贸易有限公司", "红旗街1号"
    session.commit()
    assert found(session, "新名贸易") == found(session, "红旗街") == [firm.name]


def test_R13_an_enterprise_is_still_found_by_the_name_it_had(session, firms):
    firm = firms(MUXING)[0]
    firm.name = "长春市新名贸易有限公司"
    session.commit()
    assert found(session, "沐行") == [firm.name]
    session.execute(delete(EnterpriseSearch))
    session.add(change_of_name(firm, MUXING))
    search.refresh(session, [firm.id])
    session.commit()
    assert found(session, "沐行") == found(session, "mxkj") == [firm.name]


def test_an_edit_that_is_undone_leaves_the_index_as_it_was(session, firms):
    firms(MUXING)[0].name = "别名"
    session.flush()
    session.rollback()
    assert found(session, "沐行") == [MUXING]
    assert found(session, "别名") == []


def test_R13_a_load_enters_what_it_adds_and_changes(session, tmp_path):
    ensure_vocabularies()
    load(tmp_path, csv_bytes(enterprise_rows(1, 2)))
    rows = enterprise_rows(1, 2, 3)
    rows[0] = (rows[0][0], MUXING, *rows[0][2:])
    load(tmp_path, csv_bytes(rows), now=NOW + timedelta(days=7))
    assert found(session, "沐行") == [MUXING]
    assert found(session, "样例1商贸") == [MUXING]
    assert set(found(session, "样例")) == {"长春市样例2商贸有限公司", "长春市样例3商贸有限公司", MUXING}


def test_a_load_that_is_only_tried_leaves_no_trace(session, tmp_path):
    ensure_vocabularies()
    load(tmp_path, csv_bytes(enterprise_rows(1)), dry_run=True)
    assert tokens(session) == {}


@pytest.mark.parametrize("which", [None, "keys", "condition"])
@pytest.mark.parametrize("many", [index.MANY, 0])
def test_bulk_statements_are_followed_by_a_refresh(session, firms, monkeypatch, which, many):
    monkeypatch.setattr(index, "MANY", many)
    monkeypatch.setattr(index, "BLOCK", 2)
    firms("甲一", "甲二", "甲三")
    before = tokens(session)
    session.execute(insert(Enterprise.__table__), [bulk_row(number) for number in range(4)])
    session.execute(update(Enterprise.__table__).where(Enterprise.name == "甲二").values(name="丙二"))
    touched = Enterprise.name.like("乙%") | (Enterprise.name == "丙二")
    keys = session.scalars(select(Enterprise.id).where(touched)).all()
    count = search.refresh(session, {None: None, "keys": keys, "condition": touched}[which])
    session.commit()
    assert count in ({7} if which is None else {5, 7})
    assert len(tokens(session)) == 7
    assert sorted(found(session, "乙")) == ["乙0", "乙1", "乙2", "乙3"]
    assert (found(session, "甲二"), found(session, "丙二")) == ([], ["丙二"])
    assert set(before.values()) - set(tokens(session).values()) <= set(before.values())


def test_a_rebuilt_index_equals_the_kept_one(session, firms):
    firms(MUXING, "长春市樾有百货经营部", address="红旗街1号")
    kept = tokens(session)
    session.execute(delete(EnterpriseSearch))
    assert search.refresh(session) == 2
    session.commit()
    assert tokens(session) == kept
    firms("丁")
    assert found(session, "丁") == ["丁"]


def test_a_roster_from_before_the_index_is_indexed_once(session, firms):
    search.ensure_index()
    firms(MUXING)
    session.execute(delete(EnterpriseSearch))
    session.commit()
    search.ensure_index()
    assert found(session, "沐行") == [MUXING]


def change_of_name(firm, old):
    return EnterpriseChange(enterprise_id=firm.id, field=RosterField.NAME, old=old, new=firm.name, at=NOW)


def bulk_row(number):
    return {
        "identifier": f"bulk{number}",
        "identifier_kind": IdentifierKind.UNIFIED,
        "name": f"乙{number}",
        "kind": "company",
        "status": "existing",
        "territory_guessed": False,
        "industry_guessed": False,
        "in_jurisdiction": True,
        "source": "",
    }
