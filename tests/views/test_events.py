"""The audit trail is read in Chinese: every act that the program writes down has its words (R89)."""

import re
from pathlib import Path

import pytest

import app as application
from app.views.events import ACTS, SUBJECTS
from app.views.kept import Recorded

SOURCES = Path(application.__file__).parent
WRITTEN = re.compile(r'audit\.record\(\s*\w+(?:\(\))?,\s*[\w.]+,\s*"([a-z_]+:[a-z_:]+)"')
TAGS = sorted({tag for path in SOURCES.rglob("*.py") for tag in WRITTEN.findall(path.read_text("utf-8"))})


@pytest.mark.database_plays_no_part
def test_R89_every_act_on_the_trail_has_its_words():
    assert len(TAGS) > 80
    wordless = {
        tag for tag in TAGS if tag.partition(":")[0] not in SUBJECTS or tag.rpartition(":")[2] not in ACTS
    }
    assert wordless == set()


def test_R89_every_register_on_the_trail_has_its_words(app):
    kept = [view for view in app.appbuilder.baseviews if isinstance(view, Recorded)]
    assert len(kept) > 10
    assert {view.datamodel.obj.__tablename__ for view in kept} - set(SUBJECTS) == set()
