import hashlib
import hmac
import json
from dataclasses import replace

import pytest

from app.domain.matching.eligibility import EligibilityRules, Recusal
from app.domain.matching.files import (
    assign_file,
    canonical_staff,
    demand_file,
    eligible_file,
    prices_file,
    staff_digest,
    staff_file,
    staff_rows,
)
from app.domain.matching.instance import Demand, Instance
from app.domain.matching.solve import match
from app.domain.vocabulary import InspectorStatus, RecusalKind, StaffKind
from tests.domain.matching.builders import KEY, RULES, make_candidate, make_certificate, make_staff

SECRET = b"a secret of this draw"


def joint_instance():
    staff = make_staff("S2 S1*", cap=3) + make_staff("G1", cap=5, group="GA")
    demands = [Demand("T2", "SW", 2, True), Demand("T1", "SW", 2, True), Demand("T1", "GA", 1, False)]
    rows = [
        ("T1", "S1", True),
        ("T1", "S2", False),
        ("T1", "G1", False),
        ("T2", "S2", False),
        ("T2", "S1", True),
    ]
    return Instance.of(staff, demands, rows)


def test_the_bytes_of_the_staff_file():
    expected = b"G1\t5\t0\tGA\t-\nS1\t3\t1\tSW\t-\nS2\t3\t0\tSW\t-\n"
    assert staff_file(joint_instance()) == expected
    assert staff_rows(reversed(joint_instance().staff)) == expected


def test_the_bytes_of_the_demand_file():
    assert demand_file(joint_instance()) == b"T1\tGA\t1\t0\nT1\tSW\t2\t1\nT2\tSW\t2\t1\n"


def test_the_bytes_of_the_eligible_file():
    expected = b"T1\tG1\t0\nT1\tS1\t1\nT1\tS2\t0\nT2\tS1\t1\nT2\tS2\t0\n"
    assert eligible_file(joint_instance()) == expected


def test_the_bytes_of_the_assign_file():
    found = match(joint_instance(), KEY)
    assert assign_file(found.visits) == b"T1\tS1\tG1\tS2\nT2\tS1\tS2\n"


def test_the_bytes_of_the_prices_file():
    instance = joint_instance()
    prices = match(instance, KEY).prices
    content = prices_file(instance, prices)
    table = json.loads(content)
    assert content == (json.dumps(table, sort_keys=True, separators=(",", ":")) + "\n").encode()
    assert table["y"] == dict(zip(("G1", "S1", "S2"), prices.y.tolist(), strict=True))
    assert table["z"] == dict(zip(("T1|GA", "T1|SW", "T2|SW"), prices.z.tolist(), strict=True))
    assert table["u"].keys() == table["z"].keys()


def test_the_digest_is_an_hmac_over_the_canonical_text():
    candidate = make_candidate()
    text = canonical_staff(candidate, RULES)
    assert (
        staff_digest(SECRET, candidate, RULES) == hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()
    )
    assert staff_digest(b"another", candidate, RULES) != staff_digest(SECRET, candidate, RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"certificates": ()},
        {"certificates": (make_certificate(suspended=True),)},
        {"expertise": frozenset()},
        {"recusals": (Recusal("T1", RecusalKind.RELATION),)},
        {"recent": frozenset({"T1"})},
        {"status": InspectorStatus.ON_LEAVE},
        {"kind": StaffKind.EXPERT},
        {"may_lead": False},
        {"cap": 3},
    ],
)
def test_the_digest_changes_with_everything_that_decides(change):
    before = staff_digest(SECRET, make_candidate(), RULES)
    assert staff_digest(SECRET, make_candidate(**change), RULES) != before


def test_the_digest_changes_with_the_rules_and_not_with_the_order():
    papers = (make_certificate(number="1"), make_certificate(number="2"))
    candidate = make_candidate(certificates=papers, expertise=frozenset({"a", "b", "c"}))
    turned = replace(candidate, certificates=papers[::-1], expertise=frozenset({"c", "b", "a"}))
    assert canonical_staff(candidate, RULES) == canonical_staff(turned, RULES)
    loose = EligibilityRules(strict_territory=False)
    assert staff_digest(SECRET, candidate, loose) != staff_digest(SECRET, candidate, RULES)
