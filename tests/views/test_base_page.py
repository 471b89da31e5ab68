"""Own pages: a refused step becomes a sentence, a fault becomes a page without detail."""

import pytest

from app.messages import sentence_for
from app.views.base import BasePage
from app.views.base.format import shown, tag, tag_of
from tests.views.workshop import Colour, TooHeavy


def test_a_page_without_a_permission_name_is_refused():
    with pytest.raises(TypeError):
        BasePage()


def test_a_domain_error_is_flashed_on_the_next_page(worker):
    page = worker.post("/bench/fail", follow_redirects=True).text
    assert sentence_for(TooHeavy(weight=7)) in page
    assert "done" not in page


def test_success_says_what_was_done(worker):
    assert "done" in worker.post("/bench/succeed", follow_redirects=True).text


def test_a_fault_shows_no_detail(worker):
    answer = worker.get("/bench/crash")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "<h1>" in answer.text


def test_values_read_as_words(shop_application):
    from datetime import date
    from decimal import Decimal

    with shop_application.test_request_context():
        assert shown(None) == shown("") == "—"
        assert shown(Colour.RED) == "红"
        assert shown(date(2026, 11, 23)) == "2026-11-23"
        assert shown(Decimal("5.00")) == "5"
        assert shown([Colour.RED, Colour.BLUE]) == "红、蓝"


def test_tags_escape_their_text(shop_application):
    assert tag("<b>", "ok") == '<span class="tag ok">&lt;b&gt;</span>'
    with shop_application.test_request_context():
        assert tag_of(Colour.BLUE) == '<span class="tag ">蓝</span>'
        assert tag_of(None) == "—"
