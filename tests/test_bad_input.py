"""Whatever comes in as a roster file: rows loaded or refused one by one, or one sentence for the whole file.

Nothing else may happen: no traceback, no row that is neither loaded nor given back, no boundless memory.
"""

import resource

import pytest

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind
from app.messages import sentence_for
from app.services.roster_import import FileRefused, load_file
from app.services.setup import ensure_vocabularies
from tests.corpus_files import everything
from tests.corpus_rosters import NOW
from tests.corpus_workbooks import malformed

WORKBOOKS, FILES = dict(malformed()), everything()
MIB = 1 << 20


@pytest.fixture
def roster(app):
    with app.test_request_context():
        ensure_vocabularies()
        yield app


def loaded(folder, content):
    """What became of the file: the outcome, or the code of its refusal."""
    path = folder / "名录.xlsx"
    path.write_bytes(content)
    try:
        outcome = load_file(ImportKind.ENTERPRISES, path, None, NOW)
    except FileRefused as refusal:
        return says(refusal)
    assert outcome.read == outcome.added + outcome.changed + outcome.unchanged + outcome.rejected
    assert outcome.rejected == len(outcome.rejects) == len(list(outcome.rejects))
    for reject in outcome.rejects.first(3):
        says(reject.error)
    return outcome


def says(error):
    """The code of an error whose sentence is Chinese and whole."""
    assert isinstance(error, DomainError)
    sentence = sentence_for(error)
    assert any("\u4e00" <= char <= "\u9fff" for char in sentence), sentence
    assert "%(" not in sentence
    assert "…" not in sentence
    return error.code


def test_the_corpus_is_as_large_as_promised():
    assert len(WORKBOOKS) >= 286
    assert len(FILES) >= 60


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_malformed_workbook_loads_whole_or_is_refused_with_a_sentence(roster, tmp_path, name):
    outcome = loaded(tmp_path, WORKBOOKS[name])
    assert isinstance(outcome, str) or outcome.read <= 41


@pytest.mark.parametrize("name", FILES)
def test_any_malformed_file_gives_its_rows_or_a_sentence(roster, tmp_path, name):
    content, expected = FILES[name]
    outcome = loaded(tmp_path, content)
    if isinstance(expected, tuple):
        assert not isinstance(outcome, str), outcome
        assert (outcome.added, outcome.rejected) == expected
    elif expected is None:
        assert isinstance(outcome, str) or outcome.added <= 3
    else:
        assert str(outcome).removeprefix("file_unreadable_") == expected


def test_reading_the_corpus_took_bounded_memory():
    """Peak of this process and of the largest child; a child that wants more is ended by its own limit."""
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1536 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024 * 1024
