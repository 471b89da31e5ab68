"""Relations to registers too large for a list: how a form and a filter search them."""

from __future__ import annotations

from app.services import search
from app.views.base import Remote

ENTERPRISES = Remote(("identifier", "name"), find=search.find)
