"""Three implementations draw the same 100,000 firms: the Python domain, the browser, PostgreSQL."""

import hashlib

import psycopg
import pytest

from tests.browser.bundles import MadeDraw, rows_of
from tests.browser.shelf import Shelf, ask_worker

COUNT = 100_000
SQL = """
SELECT id FROM roster WHERE stratum = %(stratum)s
ORDER BY tier, sha256(convert_to(%(key)s || ':' || id, 'UTF8')), id LIMIT %(k)s
"""


@pytest.fixture(scope="module")
def made():
    return MadeDraw(rows_of(COUNT, width=1), purposes=("unit",), matched=False)


@pytest.fixture(scope="module")
def roster_table(postgresql_server, made):
    with psycopg.connect(postgresql_server.get_uri()) as connection:
        connection.execute("CREATE TEMP TABLE roster (id text, stratum text, tier int)")
        with connection.cursor().copy("COPY roster FROM STDIN") as copy:
            for identifier, cell in made.rows:
                stratum, _, tier = cell.partition("~")
                copy.write_row((identifier, stratum, int(tier or 0)))
        yield connection


@pytest.mark.postgresql
def test_postgresql_draws_what_the_domain_draws(roster_table, made):
    for (_, stratum), drawn in made.drawn.items():
        wanted = {"stratum": stratum, "key": made.keys["unit"], "k": len(drawn.drawn)}
        found = [row[0] for row in roster_table.execute(SQL, wanted)]
        assert found == [lot.identifier for lot in drawn.drawn]
        assert len(found) > 2000


@pytest.mark.browser
def test_the_browser_draws_what_the_domain_draws(page, made):
    shelf = Shelf()
    page.goto(f"{shelf.address}/")
    shelf.files = made.files()
    answer = ask_worker(page)
    shelf.close()
    assert answer.get("failed") is None
    assert answer["done"]["rows"] == COUNT
    assert answer["done"]["tickets"] == sum(len(drawn.drawn) for drawn in made.drawn.values())


@pytest.mark.postgresql
def test_postgresql_computes_the_tickets_of_hashlib(roster_table, made):
    key = made.keys["unit"]
    query = "SELECT id, encode(sha256(convert_to(%s || ':' || id, 'UTF8')), 'hex') FROM roster LIMIT 1000"
    rows = roster_table.execute(query, [key]).fetchall()
    assert len(rows) == 1000
    assert all(found == hashlib.sha256(f"{key}:{name}".encode()).hexdigest() for name, found in rows)
