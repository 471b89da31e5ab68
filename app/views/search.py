"""The search box in the head: asks every provider for the first few matches."""

from __future__ import annotations

from itertools import islice

from flask import g, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _

from app.views.base.page import BasePage
from app.views.registry import SEARCHES

SHORTEST_TERM = 2
LONGEST_TERM = 50
MOST_HITS = 10


class SearchView(BasePage):
    """Enterprises, codes, tasks: whatever the providers know."""

    route_base = "/search"
    class_permission_name = "Search"
    title = _("Search")

    @expose("/")
    @has_access
    @permission_name("read")
    def index(self) -> str:
        """The hits of each provider, at most ten of each."""
        term = request.args.get("q", "").strip()[:LONGEST_TERM]
        hits = []
        if len(term) >= SHORTEST_TERM:
            hits = [hit for source in SEARCHES for hit in islice(source(term, g.user), MOST_HITS)]
        return self.render("search.html", term=term, hits=hits, shortest=SHORTEST_TERM)
