"""Panel 1: the registered clients, newest first."""

from collections.abc import Hashable
from typing import NamedTuple

from oidc_sim.engine.model import Client
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import Printable, named, printable
from oidc_sim.tui.glyphs import age, ago
from oidc_sim.tui.lists.columns import Column, texts
from oidc_sim.tui.lists.row_source import NewestFirst, Remembered, RowCells, RowId, short

_HEAD, _TAIL = 6, 4


def short_id(client_id: str) -> Printable:
    """The ends of a client id, ``Xa81LL…0pTz``."""
    if len(client_id) <= _HEAD + 1 + _TAIL:
        return short(client_id)
    return printable(f"{client_id[:_HEAD]}…{client_id[-_TAIL:]}")


def seen(simulator: Simulator, client: Client) -> Printable:
    """Time since a client was last heard of: ``now`` while a request of it waits for an answer."""
    return ago(_seen_s(simulator, client))


def _seen_s(simulator: Simulator, client: Client) -> float:
    is_waiting = client.client_id in simulator.awaiting
    return 0 if is_waiting else simulator.now().at - client.last_seen_at


class ClientRow(NamedTuple):
    """A registration at an instant."""

    client: Client
    age_s: float | None
    """Seconds since it was made; None once it is over."""
    seen_s: float

    @property
    def since(self) -> Printable:
        """Age of the registration; ``over`` once it expired."""
        return printable("over") if self.age_s is None else age(self.age_s)


# fmt: off
CLIENT_COLUMNS = (
    Column(title=printable("NAME"), width=18, min_width=12, priority=9, grows=True,
           cell=lambda row: short(named(row.client.name)), key=lambda row: named(row.client.name).casefold()),
    Column(title=printable("CLIENT ID"), width=11, priority=3,
           cell=lambda row: short_id(row.client.client_id), key=lambda row: row.client.client_id),
    # AWS has one type only, and the engine lets no other in.
    Column(title=printable("TYPE"), width=6, priority=1,
           cell=lambda _: printable("public"), key=lambda _: "public"),
    Column(title=printable("AGE"), width=4, priority=4, align="right", is_largest_first=True,
           cell=lambda row: row.since, key=lambda row: row.age_s),
    Column(title=printable("DEVICES"), width=7, priority=5, align="right", is_largest_first=True,
           cell=lambda row: printable(f"{row.client.devices:,}"), key=lambda row: row.client.devices),
    Column(title=printable("LAST SEEN"), width=9, priority=6, is_largest_first=True,
           cell=lambda row: ago(row.seen_s), key=lambda row: row.seen_s),
)
# fmt: on


class ClientRows:
    """A row for each registration. Its times move once a second, whatever the traffic."""

    columns = CLIENT_COLUMNS

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._ids = NewestFirst(simulator.state.clients)
        self._made = Remembered()

    @property
    def version(self) -> Hashable:
        """Moves with the second, and when a client came or went."""
        return self._ids.version, int(self._simulator.now().at)

    def __len__(self) -> int:
        return len(self._ids)

    def id_at(self, index: int) -> RowId:
        """The client id."""
        return self._ids.at(index)

    def index_of(self, row_id: RowId) -> int | None:
        """Where a client is."""
        return self._ids.place_of(row_id)

    def row(self, row_id: RowId) -> ClientRow:
        """What columns are made of."""
        client, now = self._simulator.state.clients[str(row_id)], self._simulator.now().at
        age_s = None if client.is_expired(now) else now - client.issued_at
        return ClientRow(client, age_s, _seen_s(self._simulator, client))

    def cells(self, index: int) -> RowCells:
        """A text for each column."""
        row = self.row(self._ids.at(index))
        version = (row.since, ago(row.seen_s), row.client.devices)
        return self._made.row(
            row.client.client_id, version, lambda: RowCells(texts(self.columns, row), version)
        )
