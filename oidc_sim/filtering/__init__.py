"""The filter language: one text for lists, holds and faults.

``parse(text)`` gives an ``Expression`` that says of a row's facts whether they are meant, or a
``FilterError`` that says where the text went wrong and what was expected there. Words are looked
for anywhere; ``client:boto*`` in one field; ``status>=400``, ``ms>50`` compare; ``held``,
``fault`` and ``error`` are flags; ``&`` or a space, ``|``, ``!`` and ``( )`` join.

It is written by hand because a filter is typed key by key: each half of one must give a caret and
a sentence, which the parsers of libraries do not promise.

It must never: raise on any text, take time that grows faster than text times rule, know what a
request is (facts are a mapping), read a clock, or do I/O.
"""

from oidc_sim.filtering.english import completions, in_english
from oidc_sim.filtering.language import EVERY_FIELD, Fields
from oidc_sim.filtering.parsing import Expression, FilterError, parse

__all__ = [
    "EVERY_FIELD",
    "Expression",
    "Fields",
    "FilterError",
    "completions",
    "in_english",
    "parse",
]
