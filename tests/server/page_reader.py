"""Reads a page as a browser does, and as strictly as none does: every tag must be closed."""

from html.parser import HTMLParser
from typing import Self

from tests.server.raw_http import RawAnswer

_VOID = frozenset({"meta", "link", "input"})
Tag = tuple[str, tuple[str, ...]]
"""A tag's name and the names of its attributes."""


class PageReader(HTMLParser):
    """One page.

    Attributes:
        tags: name and attributes of every tag, in order.
        text: all text between tags.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == [], f"not closed: {self._open}"

    @classmethod
    def of(cls, answer: RawAnswer) -> Self:
        """The page in an answer."""
        return cls(answer.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of <{tag}> is there twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every tag of that name."""
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def shape(self) -> list[Tag]:
        """The page without texts and values: what a stranger must not be able to change."""
        return [(name, tuple(attrs)) for name, attrs in self.tags]

    @property
    def hidden_fields(self) -> dict[str, str]:
        """What the form sends by itself."""
        hidden = [it for it in self.all("input") if it.get("type") == "hidden"]
        return {str(it["name"]): str(it["value"]) for it in hidden}
