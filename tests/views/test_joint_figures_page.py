"""R75: the page on the effect of joint inspection."""

from tests.builders import World
from tests.views.pages import enter


def test_R75_the_page_names_every_measure_with_numerator_and_denominator(app):
    World(enterprises=1, inspectors=1)
    page = enter(app, "planner").get("/joint-figures/?year=2026").text
    for words in ("联合占现场检查比例", "联合减少户次", "问题发现率", "分子", "分母", "目标 60.0%"):
        assert words in page


def test_an_unreadable_year_shows_this_one(app):
    World(enterprises=1, inspectors=1)
    client = enter(app, "planner")
    assert client.get("/joint-figures/?year=abc").status_code == 200
    assert client.get("/joint-figures/?year=99").status_code == 200
