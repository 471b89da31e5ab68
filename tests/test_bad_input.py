"""Whatever comes in as a roster file: rows loaded or refused one by one, or one sentence for the whole file.

Nothing else may happen: no traceback, no row that is neither loaded nor given back, no boundless memory.
"""

import subprocess
import sys

import pytest

from app.domain.errors import DomainError
from app.domain.vocabulary import ImportKind
from app.messages import sentence_for
from app.services.roster_import import FileRefused, load_file
from config import ROOT
from tests.builders import Vocabularies
from tests.corpus_files import everything
from tests.corpus_old_workbooks import old_malformed
from tests.corpus_rosters import NOW
from tests.corpus_workbooks import malformed

WORKBOOKS, FILES = dict(malformed()) | dict(old_malformed()), everything()


@pytest.fixture
def roster(app):
    with app.test_request_context():
        Vocabularies()
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


HOSTILE = [
    name for name in WORKBOOKS if not name.startswith(("flip", "xml-flip", "cut", "old-cut", "old-flip"))
]
PEAK = """
import contextlib, resource, sys
from pathlib import Path
from app.services.roster_import.faults import FileRefused
from app.services.roster_import.reading import open_table
from tests.bench.child import peak_memory
read = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    with contextlib.suppress(FileRefused), open_table(path) as rows:
        read += sum(1 for _ in rows)
print(read, peak_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def test_reading_hostile_files_takes_bounded_memory(tmp_path):
    """Peak of the reading process and of the largest child; a child that wants more is ended by its own limit."""
    for place, content in enumerate(WORKBOOKS[name] for name in HOSTILE):
        (tmp_path / f"{place:03d}.xlsx").write_bytes(content)
    command = [sys.executable, "-c", PEAK, str(tmp_path)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    read, own, largest = map(float, found.split())
    assert read > 0
    assert own < 512
    assert largest < 1536
