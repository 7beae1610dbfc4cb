"""Texts with placeholders: Liquid in a sandbox, parsed once, rendered for every card.

A plain text with ``{{ placeholders }}`` is joined by hand, which takes under a microsecond; anything with tags or
filters goes through python-liquid and is remembered by the facts it uses. There is no ``include``, ``render`` or
clock; loops, nesting, lengths and numbers are bounded, so a text can be slow to read but not slow to render.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from liquid import BoundTemplate, Environment, RenderContext, Tag, TokenStream
from liquid.ast import Node
from liquid.builtin import content, illegal, output
from liquid.builtin.expressions import FilteredExpression, LoopExpression, Path
from liquid.builtin.tags import (
    assign_tag,
    capture_tag,
    case_tag,
    comment_tag,
    cycle_tag,
    echo_tag,
    for_tag,
    if_tag,
    inline_comment_tag,
    unless_tag,
)
from liquid.exceptions import LiquidError, LoopIterationLimitError

from passerelle.kit.log import logger
from passerelle.templates.facts import TEXT_LIMIT, Facts, FactValue, kind_of, nearest, shown
from passerelle.templates.filters import FILTERS, Shown

SOURCE_LIMIT: Final = 2_000
LOOP_LIMIT: Final = 100
_MEMORY: Final = 128
_log: Final = logger(__name__)
# What a stranger's template can raise inside the library, beyond its own errors.
_FAULTS: Final = (LiquidError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class TextFault(ValueError):
    """A text that cannot be used; the message says why, in the library's English."""


class UnknownPlaceholder(TextFault):
    """A text that names a fact that no card has."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.nearest = nearest(name)
        super().__init__(f"unknown placeholder {name}")


class TextTooCostly(TextFault):
    """A text that would loop, grow or nest beyond the limits."""


class _Context(RenderContext):
    """Counts the iterations of all loops of a text, nested or one after the other."""

    spent = 0

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self.spent += length
        if self.spent > LOOP_LIMIT:
            raise LoopIterationLimitError(f"loops run more than {LOOP_LIMIT} times", token=None)


class _Bound(BoundTemplate):
    context_class = _Context


class _BoundedLoop(LoopExpression):
    """Refuses a long range before ``reversed`` would make a list of it."""

    def _slice(self, it: Any, length: int, context: RenderContext, *, limit: Any, offset: Any) -> Any:
        if length > LOOP_LIMIT:
            raise LoopIterationLimitError(f"a loop runs more than {LOOP_LIMIT} times", token=None)
        return super()._slice(it, length, context, limit=limit, offset=offset)


class _ForTag(for_tag.ForTag):
    def parse(self, stream: TokenStream) -> Node:
        node = super().parse(stream)
        assert isinstance(node, for_tag.ForNode)
        loop = node.expression
        node.expression = _BoundedLoop(
            loop.token,
            loop.identifier,
            loop.iterable,
            limit=loop.limit,
            offset=loop.offset,
            reversed_=loop.reversed,
            cols=loop.cols,
        )
        return node


_TAGS: Final[tuple[type[Tag], ...]] = (
    content.Literal, output.Output, illegal.Illegal, if_tag.IfTag, unless_tag.UnlessTag, case_tag.CaseTag,
    _ForTag, for_tag.BreakTag, for_tag.ContinueTag, assign_tag.AssignTag, capture_tag.CaptureTag,
    cycle_tag.CycleTag, echo_tag.EchoTag, comment_tag.CommentTag, inline_comment_tag.InlineCommentTag,
)  # fmt: skip


class _Sandbox(Environment):
    block_nesting_limit = 8
    context_depth_limit = 20
    loop_iteration_limit = LOOP_LIMIT
    local_namespace_limit = 50_000
    output_stream_limit = TEXT_LIMIT
    template_class = _Bound

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        assert not extra
        for tag in _TAGS:
            self.add_tag(tag)
        for name, function in FILTERS.items():
            self.add_filter(name, function)


@cache
def _sandbox() -> _Sandbox:
    return _Sandbox()


def is_dynamic(source: str) -> bool:
    """Whether a text has placeholders or logic at all."""
    return "{{" in source or "{%" in source


class Text:
    """One parsed text. ``placeholders`` are the facts it reads; ``single`` is set when it is just one of them."""

    __slots__ = ("_memory", "_pieces", "_template", "placeholders", "single", "source")

    def __init__(self, source: str) -> None:
        """Parse; raises TextFault, UnknownPlaceholder or TextTooCostly."""
        self.source = source
        self._memory: dict[tuple[Any, ...], str] = {}
        self._template: BoundTemplate | None = None
        self._pieces: tuple[tuple[str, str | None], ...] = ((source, None),)
        self.placeholders: tuple[str, ...] = ()
        self.single: str | None = None
        if is_dynamic(source):
            self._parse()

    def __repr__(self) -> str:
        return f"Text({self.source!r})"

    def render(self, facts: Facts, language: str) -> str:
        """The text of one card; a text that fails for these facts is empty rather than in the way of the card."""
        try:
            return self.attempt(facts, language)
        except TextFault as fault:
            _log.warning("text_failed", reason=type(fault).__name__, source=self.source[:200])
            return ""

    def attempt(self, facts: Facts, language: str) -> str:
        """As ``render``; raises TextTooCostly or TextFault where that gives up."""
        if self._template is None:
            return self._joined(facts, language)
        key = (language, *map(facts.get, self.placeholders))
        known = self._memory.get(key)
        if known is None:
            known = self._rendered(facts, language)
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[key] = known
        return known

    def _joined(self, facts: Facts, language: str) -> str:
        if self.single is not None:
            return _plain(facts, self.single, language)
        return "".join(
            [literal if name is None else literal + _plain(facts, name, language) for literal, name in self._pieces]
        )

    def _parse(self) -> None:
        if len(self.source) > SOURCE_LIMIT:
            raise TextTooCostly(f"a text with placeholders has at most {SOURCE_LIMIT} characters")
        try:
            template = _sandbox().from_string(self.source)
            names = [str(variable) for found in template.analyze().globals.values() for variable in found]
        except _FAULTS as fault:
            raise _translated(fault) from None
        for name in names:
            if kind_of(name) is None:
                raise UnknownPlaceholder(name)
        self.placeholders = tuple(sorted(set(names)))
        pieces = _simple(template.nodes)
        if pieces is None:
            self._template = template
            return
        self._pieces = pieces
        if len(pieces) == 1 and pieces[0][0] == "":
            self.single = pieces[0][1]

    def _rendered(self, facts: Facts, language: str) -> str:
        assert self._template is not None
        try:
            return str(self._template.render(_nested(facts, self.placeholders, language)))
        except _FAULTS as fault:
            raise _translated(fault) from None


def _plain(facts: Facts, name: str, language: str) -> str:
    if name == "language":
        return language
    value = facts.get(name)
    if type(value) is str and len(value) <= TEXT_LIMIT:  # the common case, first
        return value
    return shown(value, language)


def _simple(nodes: Sequence[Node]) -> tuple[tuple[str, str | None], ...] | None:
    """Literals each followed by a placeholder, when the text is nothing else; None otherwise."""
    pieces: list[tuple[str, str | None]] = []
    literal = ""
    for node in nodes:
        if isinstance(node, content.ContentNode):
            literal += node.text
        elif isinstance(node, output.OutputNode) and (name := _bare_path(node.expression)):
            pieces.append((literal, name))
            literal = ""
        else:
            return None
    return (*pieces, (literal, None)) if literal or not pieces else tuple(pieces)


def _bare_path(expression: object) -> str | None:
    if not isinstance(expression, FilteredExpression) or expression.filters:
        return None
    return str(expression.left) if isinstance(expression.left, Path) else None


def _nested(facts: Facts, names: Sequence[str], language: str) -> dict[str, Any]:
    """The facts of a text as Liquid wants them: ``{"balance": {"points": 120}}``."""
    tree: dict[str, Any] = {}
    for name in names:
        head, _, tail = name.partition(".")
        if tail:
            tree.setdefault(head, {})[tail] = _liquid_value(facts.get(name), language)
    tree["language"] = language
    return tree


def _liquid_value(value: FactValue, language: str) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    return Shown.of(value, language)


def _translated(fault: Exception) -> TextFault:
    if isinstance(fault, TextFault):
        return fault
    reason = str(fault.message if isinstance(fault, LiquidError) else fault).split("\n")[0][:200]
    costly = isinstance(fault, RecursionError) or any(word in reason for word in ("limit", "too l", "more than"))
    return TextTooCostly(reason) if costly else TextFault(reason)
