"""What can be wrong with a file, a row or a value: codes and parameters, no prose."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.domain.errors import DomainError


class Unreadable(StrEnum):
    """Why nothing could be read from a file."""

    MISSING = "missing"
    EMPTY = "empty"
    NOT_TEXT = "not_text"
    WEB_PAGE = "web_page"
    WRONG_ENCODING = "wrong_encoding"
    LINE_TOO_LONG = "line_too_long"
    NOT_A_WORKBOOK = "not_a_workbook"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    CUT_OFF = "cut_off"
    BOMB = "bomb"
    TOO_LARGE = "too_large"
    FOREIGN_ENTITIES = "foreign_entities"
    SEVERAL_FILES = "several_files"
    NESTED = "nested"
    TIMEOUT = "timeout"
    NO_HEADER = "no_header"
    TOO_WIDE = "too_wide"


class FileRefused(DomainError):
    """No row of the file was loaded."""

    code = "file_refused"


class FileUnreadable(FileRefused):
    """The container or its text cannot be read; `reason` is a term of Unreadable and part of the code."""

    code = "file_unreadable"

    def __init__(self, reason: Unreadable, **params: Any) -> None:
        super().__init__(reason=reason.value, **params)
        self.code = f"file_unreadable_{reason.value}"


class ColumnsMissing(FileRefused):
    """`columns` that a roster of this kind must have are not in the file; `found` are those recognised."""

    code = "columns_missing"


class ColumnsRepeated(FileRefused):
    """Two columns of the file say the same thing: `columns` names them."""

    code = "columns_repeated"


class LoadCollided(FileRefused):
    """Another load wrote the same records at the same time; nothing of this one was kept."""

    code = "load_collided"


class RowRefused(DomainError):
    """One row cannot be loaded; the code says why, the parameters where."""

    code = "row_refused"

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(**params)
        self.code = code


class Flag(StrEnum):
    """A row was loaded although something about it needs a look."""

    WRONG_CHECK_DIGIT = "flag_wrong_check_digit"
    WRONG_ORGANISATION_CHECK = "flag_wrong_organisation_check"
    LEGACY_IDENTIFIER = "flag_legacy_identifier"
    TERRITORY_UNKNOWN = "flag_territory_unknown"
    OUT_OF_JURISDICTION = "flag_out_of_jurisdiction"
    CITY_NOT_STATED = "flag_city_not_stated"
    STATUS_UNKNOWN = "flag_status_unknown"
    KIND_UNKNOWN = "flag_kind_unknown"
    RISK_CLASS_UNKNOWN = "flag_risk_class_unknown"
    INDUSTRY_UNKNOWN = "flag_industry_unknown"
    DATE_UNREADABLE = "flag_date_unreadable"
    SHORT_ROW = "flag_short_row"
    NAME_DIFFERS = "flag_name_differs"
    STALE_BASIS = "flag_stale_basis"
    FURTHER_CATEGORIES = "flag_further_categories"
    CORRECTED = "flag_corrected"
