"""Reads a journal row by row into a state; what cannot be read is reported, never believed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from oidc_sim.engine import evolve
from oidc_sim.engine.model import State
from oidc_sim.engine.records import Record, cut_to_bounds, is_within_bounds, put_back
from oidc_sim.record.journal.rows import (
    MAX_ROW_BYTES,
    VERSION,
    DamagedRowError,
    JournalHeader,
    Row,
    UnknownRowError,
    decode_row,
)

DAMAGES_NAMED = 5
CUT_EVERY_ROWS = 1000
"""Rows after which what a running server would not keep is forgotten (T-46)."""


@dataclass(slots=True)
class Reading:
    """A journal's contents as far as they could be read."""

    rows: int = 0
    """Rows that came into the state."""
    damaged: list[tuple[int, str]] = field(default_factory=list)
    """Number of each bad row, from 1, and what is wrong with it; the first few."""
    damages: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Numbers of things left out, because a running server does not keep so many."""
    unknown: int = 0
    """Rows of types that a newer version wrote."""
    is_newer: bool = False
    """A newer version wrote the file."""
    is_torn: bool = False
    """The last row was not written to its end, and is lost."""
    kept_as: str | None = None
    """Name of the copy of a file that is partial."""

    @property
    def is_partial(self) -> bool:
        """Whether the file holds something that the state does not, but for a torn end."""
        return bool(self.damages or self.left_out or self.unknown or self.is_newer)

    def notes(self) -> list[str]:
        """Write sentences for the person who started the program."""
        sentences = [f"journal: row {number} was skipped: {why}" for number, why in self.damaged]
        if (more := self.damages - len(self.damaged)) > 0:
            sentences.append(f"journal: {more} more damaged rows were skipped")
        if self.left_out:
            what = ", ".join(f"{count:,} {name}" for name, count in self.left_out.items())
            sentences.append(f"journal: it had more than is kept, and this was left out: {what}")
        if self.unknown or self.is_newer:
            sentences.append(f"journal: a newer version wrote it; {self.unknown} rows were skipped")
        if self.is_torn:
            sentences.append("journal: the last row was cut off, and is lost")
        return sentences


def replay(file: BinaryIO, state: State) -> Reading:
    """Bring every readable row of the file into the state.

    Raises:
        OSError: The file cannot be read.
    """
    reading = Reading()
    for number, line in enumerate(_lines(file), start=1):
        is_whole = line.endswith(b"\n")
        try:
            _take(decode_row(line[:-1] if is_whole else line), number, state, reading)
        except DamagedRowError as error:
            if not is_whole and len(line) <= MAX_ROW_BYTES:
                reading.is_torn = True
            else:
                _note_damage(reading, number, str(error))
        except UnknownRowError:
            reading.unknown += 1
        if not number % CUT_EVERY_ROWS:
            reading.left_out += cut_to_bounds(state)
    reading.left_out += cut_to_bounds(state)
    return reading


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long to be a row only the beginning."""
    while line := file.readline(MAX_ROW_BYTES + 1):
        yield line
        while len(line) > MAX_ROW_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_ROW_BYTES + 1)


def _take(row: Row, number: int, state: State, reading: Reading) -> None:
    if isinstance(row, JournalHeader):
        reading.is_newer |= row.version > VERSION
        return
    if number == 1:
        _note_damage(reading, number, "it does not say that this is a journal")
    if isinstance(row, Record):
        if not is_within_bounds(row):
            raise DamagedRowError("it holds more than one of its kind may")
        put_back(state, row)
    else:
        evolve(state, row)
    reading.rows += 1


def _note_damage(reading: Reading, number: int, why: str) -> None:
    reading.damages += 1
    if len(reading.damaged) < DAMAGES_NAMED:
        reading.damaged.append((number, why))
