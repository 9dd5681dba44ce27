"""Fields from JSON: each kind takes what it should and nothing else."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from oidc_sim.record.journal.rows import LATEST, MOST, reader_of


class Fruit(StrEnum):
    APPLE = "apple"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bowl:
    fruit: Fruit
    weights: tuple[int, ...]
    owner: str | None = None
    marks: dict[str, float] = field(default_factory=dict)


GOOD: list[tuple[Any, Any, Any]] = [
    (str, "é\x1b", "é\x1b"),
    (float, 0, 0.0),
    (float, 1.5, 1.5),
    (float, LATEST, LATEST),
    (int, -3, -3),
    (int, MOST, MOST),
    (bool, True, True),
    (str | None, None, None),
    (str | None, "x", "x"),
    (tuple[str, ...], ["a", "b"], ("a", "b")),
    (list[Fruit], ["apple"], [Fruit.APPLE]),
    (dict[str, float], {"a": 1}, {"a": 1.0}),
    (Fruit, "apple", Fruit.APPLE),
    (Bowl, {"fruit": "apple", "weights": [1]}, Bowl(fruit=Fruit.APPLE, weights=(1,))),
    (Bowl | None, None, None),
]
BAD: list[tuple[Any, Any]] = [
    (str, 1),
    (str, None),
    (str, "\ud800"),
    (float, True),
    (float, "1"),
    (float, -0.001),
    (float, LATEST + 1),
    (float, float("nan")),
    (float, float("inf")),
    (float, 10**400),
    (int, 1.0),
    (int, True),
    (int, MOST + 1),
    (bool, 1),
    (tuple[str, ...], "ab"),
    (tuple[str, ...], ["a", 1]),
    (dict[str, float], []),
    (dict[str, float], {"a": "b"}),
    (Fruit, "pear"),
    (Fruit, ["apple"]),
    (Fruit, None),
    (Bowl, []),
    (Bowl, {"fruit": "apple"}),
    (Bowl, {"fruit": "pear", "weights": []}),
]


@pytest.mark.parametrize(("kind", "value", "expected"), GOOD)
def test_what_fits_is_taken(kind: Any, value: Any, expected: Any) -> None:
    taken = reader_of(kind)(value)
    assert taken == expected
    assert type(taken) is type(expected)


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_what_does_not_fit_is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        reader_of(kind)(value)


def test_a_refusal_names_the_member() -> None:
    with pytest.raises(ValueError, match=r"^fruit is none of its values$"):
        reader_of(Bowl)({"fruit": "\x1b]52;", "weights": []})


def test_members_of_a_newer_version_are_left_out() -> None:
    members = {"fruit": "apple", "weights": [], "colour": "red"}
    assert reader_of(Bowl)(members) == Bowl(fruit=Fruit.APPLE, weights=())


@pytest.mark.parametrize("kind", [bytes, set[str], int | str, object, str | int | None])
def test_kinds_that_no_record_has_are_refused_at_once(kind: Any) -> None:
    with pytest.raises(TypeError, match="a journal cannot keep"):
        reader_of(kind)
