"""Fields of a document: the name a template calls them by, and a sample to try a template with.

The names are Chinese because clerks write them into Word files: `{{ 被检查单位 }}`. What is stored with an
issued document are these names and their values, so that a paper can be read without this program.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

PICTURE = "图"
"""The key by which a stored value is known as a picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a paper: a QR code of `value` or the stored file of that digest, so many mm wide."""

    source: str
    value: str
    width: float

    def stored(self) -> dict[str, Any]:
        """The picture as it is kept with the document."""
        return {PICTURE: self.source, "值": self.value, "宽": self.width}


Drawing: TypeAlias = Picture | str
"""A picture, or nothing to be drawn."""


def qr_code(text: str, width: float = 26) -> Picture:
    """A QR code of a text."""
    return Picture("二维码", text, width)


def stored_picture(digest: str, width: float = 30) -> Picture:
    """A stored picture, as a signature."""
    return Picture("文件", digest, width)


def entry(name: str, sample: Any, *, of_issue: bool = False) -> Any:
    """A field called `name` in templates; `of_issue` marks what differs from one issue to the next."""
    return field(metadata={"name": name, "sample": sample, "of_issue": of_issue})


def values_of(facts: Any) -> dict[str, Any]:
    """The facts under the names of their fields, as plain JSON."""
    return {each.metadata["name"]: _plain(getattr(facts, each.name)) for each in dataclasses.fields(facts)}


def lasting_values(facts: Any) -> dict[str, Any]:
    """The values without those that every issue has of its own: equal ones make the same paper."""
    fleeting = {each.metadata["name"] for each in dataclasses.fields(facts) if each.metadata["of_issue"]}
    return {name: value for name, value in values_of(facts).items() if name not in fleeting}


def sample_of(kind: type[Any]) -> Any:
    """Invented facts of this kind, every field filled."""
    return kind(**{each.name: _sample(each) for each in dataclasses.fields(kind)})


def names_of(kind: type[Any]) -> Iterator[tuple[str, str]]:
    """Every placeholder with an example of its value; those of a list as 人员.姓名."""
    for each in dataclasses.fields(kind):
        name, sample = each.metadata["name"], _plain(_sample(each))
        if isinstance(sample, list) and sample and isinstance(sample[0], Mapping):
            yield name, ""
            yield from ((f"{name}.{part}", _shown(value)) for part, value in sample[0].items())
        else:
            yield name, _shown(sample)


def _sample(each: dataclasses.Field[Any]) -> Any:
    sample = each.metadata["sample"]
    if isinstance(sample, tuple):
        return tuple(sample_of(part) if isinstance(part, type) else part for part in sample)
    return sample


def _plain(value: Any) -> Any:
    if isinstance(value, Picture):
        return value.stored()
    if dataclasses.is_dataclass(value):
        return values_of(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get(PICTURE, ""))
    if isinstance(value, list):
        return "、".join(map(_shown, value))
    return str(value)
