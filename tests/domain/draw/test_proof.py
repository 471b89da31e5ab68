"""What one firm gets is enough to prove or refute its own case, in both forms."""

import dataclasses
import subprocess

import pytest

from app.domain.draw import merkle, proof, roster
from app.domain.draw.merkle import RUN
from app.domain.draw.ticket import shell_line, ticket
from tests.domain.draw.builders import SECRET, make_ceremony


@pytest.fixture(scope="module", params=[{}, {"sealed": True}, {"alg": "sm3"}, {"alg": "sm3", "sealed": True}])
def ceremony(request):
    return make_ceremony(**request.param)


def inclusion(ceremony, index):
    lines = ceremony.content.splitlines()
    start = index - index % RUN
    return merkle.prove(ceremony.frozen.outline, index, lines[start : start + RUN])


def prove(ceremony, index):
    row = ceremony.rows[index]
    salt = roster.salt_of(SECRET, row[0]) if ceremony.plan.sealed else None
    return proof.prove_firm(
        ceremony.plan, ceremony.result, roster.row_text(row), inclusion(ceremony, index), salt
    )


def test_every_firm_learns_whether_it_was_drawn(ceremony):
    drawn = {place: {lot.identifier for lot in found.drawn} for place, found in ceremony.drawn.items()}
    for index, (identifier, cells) in enumerate(ceremony.rows):
        found = prove(ceremony, index)
        assert (found.identifier, found.row) == (identifier, f"{identifier}\t{cells}")
        assert len(found.standings) == sum(cell is not None for cell in roster.parse_cells(cells))
        for standing in found.standings:
            assert standing.is_drawn == (identifier in drawn[standing.item, standing.stratum])
            assert standing.ticket == ticket(ceremony.plan.alg, standing.key, identifier)


def test_nobody_is_drawn_where_k_is_zero():
    ceremony = make_ceremony()
    standing = prove(ceremony, 0).standings[0]
    nobody = dataclasses.replace(standing.outcome, k=0, cutoff=None)
    assert not dataclasses.replace(standing, outcome=nobody).is_drawn


def test_a_firm_that_is_missing_gets_its_neighbours(ceremony):
    identifier = ceremony.rows[4][0] + "-001"
    exclusion = merkle.prove_absent(identifier, inclusion(ceremony, 4), inclusion(ceremony, 5))
    found = proof.prove_missing(ceremony.plan, identifier, exclusion)
    assert (found.row, found.standings, found.exclusion) == (None, (), exclusion)


def test_a_listed_firm_cannot_be_told_that_it_is_missing(ceremony):
    exclusion = merkle.Exclusion(inclusion(ceremony, 4), inclusion(ceremony, 5))
    with pytest.raises(proof.ProofFailed):
        proof.prove_missing(ceremony.plan, ceremony.rows[4][0], exclusion)


def test_another_row_place_or_salt_is_not_proved(ceremony):
    plan, result = ceremony.plan, ceremony.result
    row, salt = roster.row_text(ceremony.rows[4]), roster.salt_of(SECRET, ceremony.rows[4][0])
    salt = salt if plan.sealed else None
    wrong = [(row + "~1", inclusion(ceremony, 4), salt), (row, inclusion(ceremony, 5), salt)]
    if plan.sealed:
        wrong.append((row, inclusion(ceremony, 4), "0" * 32))
    for values in wrong:
        with pytest.raises(proof.ProofFailed):
            proof.prove_firm(plan, result, *values)


def test_a_stratum_outside_the_result_is_refused():
    ceremony = make_ceremony()
    result = dataclasses.replace(ceremony.result, drawn=ceremony.result.drawn[:1])
    with pytest.raises(proof.ProofFailed):
        proof.standings(ceremony.plan, result, "A1\tM\t-")


def test_the_shell_line_gives_the_ticket():
    ceremony = make_ceremony()
    standing = prove(ceremony, 0).standings[0]
    done = subprocess.run(["sh", "-c", standing.shell], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == standing.ticket
    assert "sm3" in shell_line("sm3", standing.key, "A1")
