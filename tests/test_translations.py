"""Chinese is complete: every source string of the code has its translation, none is fuzzy."""

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from config import ROOT

CATALOGUE = ROOT / "translations/zh/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_l": None}


def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def test_every_source_string_is_translated():
    known = {message.id for message in catalogue() if message.string and message.id}
    used = {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in extract_from_dir(ROOT / "app", METHODS, keywords=KEYWORDS)
    }
    assert sorted(used - known) == []


def test_no_translation_is_fuzzy_or_empty():
    assert [
        message.id for message in catalogue() if message.id and (message.fuzzy or not message.string)
    ] == []
