"""What was once published is pinned: the same ceremony must give the same bytes for ever."""

from pathlib import Path

import pytest

from tests.domain.draw.builders import make_ceremony

GOLDEN = Path(__file__).parents[2] / "golden" / "draw"


def published(folder, **kinds):
    files = make_ceremony(**kinds).bundle().files()
    return [
        (path.name, files[path.name], path.read_bytes())
        for path in sorted((GOLDEN / folder).glob("*.*"))
        if path.name in files
    ]


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
def test_an_open_draw_never_changes(alg):
    found = published(alg, alg=alg, matched=True)
    assert [name for name, *_ in found] == [
        "assign.tsv", "assign.txt", "log.jsonl", "plan.txt", "result.txt", "roster.tsv", "seed.txt",
    ]  # fmt: skip
    for name, now, then in found:
        assert now == then, name


@pytest.mark.parametrize("alg", ["sha256", "sm3"])
def test_the_key_never_changes(alg):
    assert (GOLDEN / alg / "key.txt").read_text() == dict(make_ceremony(alg=alg, matched=True).result.keys)[
        "unit"
    ] + "\n"


def test_a_sealed_draw_never_changes():
    found = published("sealed", sealed=True)
    assert [name for name, *_ in found] == ["drawn.txt", "leaves.tsv", "plan.txt", "result.txt"]
    for name, now, then in found:
        assert now == then, name
