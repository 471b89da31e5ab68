"""分类名录: the categories from which items draw, their rules, and whom a rule would take before it takes anybody."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import TargetCategory
from app.services.categories import Rule, apply_rule, rule_of, try_rule
from app.views.base import RegisterInterface, RegisterView, domain_errors_flashed
from app.views.kept import Recorded
from app.views.labels import LABELS
from app.views.rows import may

RULE = ("industry_prefixes", "scope_words", "licence_words")
LONGEST = 200


class TargetCategoryView(Recorded, RegisterView):
    """The categories from which the items draw."""

    route_base = "/target-categories"
    datamodel = RegisterInterface(TargetCategory)
    class_permission_name = "TargetCategory"
    title = _("Target categories")
    noun = _("target category")
    subtitle = _(
        "Each targeted item draws from one category; a rule adds to it, and nobody is put out by a rule."
    )
    list_columns = ["code", "name", *RULE]
    show_columns = list_columns
    add_columns = edit_columns = list_columns
    search_columns = ["code", "name"]
    order_columns = ["code", "name"]
    base_order = ("code", "asc")
    label_columns = {
        **LABELS,
        "industry_prefixes": _("Industry codes begin with"),
        "scope_words": _("Words of the business scope"),
        "licence_words": _("Names of licences"),
    }
    description_columns = dict.fromkeys(RULE, _("Several are separated by 、"))

    def record_links(self, item: Any) -> list[tuple[Any, str]]:
        """To the trial of the rule."""
        return [(_("Try the rule"), url_for("TargetCategoryView.rule", pk=item.id))]

    def may_apply(self) -> bool:
        """Whether the reader may take enterprises into a category."""
        return may("write", "TargetCategory")

    @expose("/<int:pk>/rule")
    @has_access
    @permission_name("read")
    def rule(self, pk: int) -> str:
        """Whom the standing rule, or one that is only typed here, would take; nothing is stored."""
        category = self._found(pk)
        standing = rule_of(category)
        typed = {name: request.args.get(name, getattr(category, name) or "")[:LONGEST] for name in RULE}
        rule = Rule.of(*typed.values())
        return self.render_template(
            "targets/rule.html",
            title=str(category),
            view=self,
            category=category,
            typed=typed,
            is_standing=rule == standing,
            trial=try_rule(db.session(), category.id, rule),
            words={"industry": _("by industry"), "scope": _("by scope"), "licence": _("by licence")},
        )

    @expose("/<int:pk>/apply", methods=["POST"])
    @has_access
    @permission_name("write")
    def apply(self, pk: int) -> Response:
        """Take everybody whom the standing rule finds."""
        self._found(pk)
        with domain_errors_flashed(_("The rule was applied.")):
            apply_rule(pk, g.user)
        return redirect(url_for(".rule", pk=pk))
