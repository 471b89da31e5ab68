"""表样 (F1–F9): what rows have to offer, how a layout is read, and what a department declares itself."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.forms.departments import DECLARED, DEPARTMENT_KINDS, Declared, DeclaredForm
from app.domain.forms.fields import Field, RowKind
from app.domain.forms.kind import Kind
from app.domain.forms.layout import Form, FormColumn, LayoutBroken, LayoutFault, read_layout
from app.domain.forms.tables import TABLE_KINDS

ROW_KINDS: Mapping[str, RowKind] = {**TABLE_KINDS, **DEPARTMENT_KINDS}
"""The row kinds by name."""

__all__ = [
    "DECLARED",
    "DEPARTMENT_KINDS",
    "ROW_KINDS",
    "Declared",
    "DeclaredForm",
    "Field",
    "Form",
    "FormColumn",
    "Kind",
    "LayoutBroken",
    "LayoutFault",
    "RowKind",
    "read_layout",
]
