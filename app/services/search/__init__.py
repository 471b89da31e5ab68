"""Finding enterprises among a whole city: an index of tokens, kept in step with the roster."""

from app.services.search.beginnings import begins_with
from app.services.search.index import MANY, ensure_index, refresh
from app.services.search.lookup import find, located, named

__all__ = ["MANY", "begins_with", "ensure_index", "find", "located", "named", "refresh"]
