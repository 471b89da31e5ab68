"""What a Word template may do: name fields, repeat over lists, choose. Nothing else runs.

Templates come from users. Before rendering, the syntax tree of every part is held against a short list
of what is allowed: no call, no arithmetic, no index, no attribute but the name of a field. The sandbox
behind it refuses calls and attributes of anything but the facts, should the list ever have a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.domain.errors import DomainError

FILTERS = ("join", "length")
LOOP = frozenset({"index", "index0", "first", "last", "length"})
DEEPEST_LOOP = 3
MOST_LOOPS = 30
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Filter,
)


class TemplateForbidden(DomainError):
    """The template asks for something that a template may not do; param what."""

    code = "template_forbidden"


class TemplateBroken(DomainError):
    """The placeholders of the template cannot be read; param what."""

    code = "template_broken"


class PlaceholderUnknown(DomainError):
    """The template names a field that this document does not have; param name."""

    code = "placeholder_unknown"


class Sealed(ImmutableSandboxedEnvironment):
    """An environment in which only facts have attributes and nothing can be called."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.tests.clear()
        for name in set(self.filters) - set(FILTERS):
            del self.filters[name]

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a fact or a property of a loop; anything else is unknown."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same as an attribute."""
        return self.getattr(obj, str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is called."""
        return False


def sources(template: DocxTemplate) -> Iterator[str]:
    """The text of every part that is filled, as the template engine will read it."""
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))


def require_lawful(template: DocxTemplate, names: set[str]) -> None:
    """Refuse whatever is not allowed. Raises TemplateForbidden, TemplateBroken, PlaceholderUnknown."""
    environment = Sealed()
    for text in sources(template):
        tree = _parsed(environment, text)
        for node in tree.find_all(nodes.Node):
            _require_allowed(node)
        _require_bounded(tree)
        for name in sorted(meta.find_undeclared_variables(tree) - names):
            raise PlaceholderUnknown(name=name)


def words_of(error: TemplateError) -> str:
    """What a template engine complains about, short enough to show."""
    return str(error.message or type(error).__name__)[:120]


def _parsed(environment: Sealed, text: str) -> nodes.Template:
    try:
        return environment.parse(text)
    except TemplateSyntaxError as error:
        raise TemplateBroken(what=words_of(error)) from None
    except RecursionError:
        raise TemplateForbidden(what="…") from None


def _require_allowed(node: nodes.Node) -> None:
    if not isinstance(node, ALLOWED):
        raise TemplateForbidden(what=type(node).__name__)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateForbidden(what=node.attr)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise TemplateForbidden(what=node.name)
    if isinstance(node, nodes.For) and (
        node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr)
    ):
        raise TemplateForbidden(what="for")


def _require_bounded(tree: nodes.Template) -> None:
    loops = list(tree.find_all(nodes.For))
    if len(loops) > MOST_LOOPS or any(_depth(loop) > DEEPEST_LOOP for loop in loops):
        raise TemplateForbidden(what="for")


def _depth(loop: nodes.For) -> int:
    return 1 + max((_depth(inner) for inner in loop.find_all(nodes.For)), default=0)
