"""Panel 1: the registered clients, newest first."""

from collections.abc import Hashable

from oidc_sim.engine.model import Client
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import Printable, named, printable
from oidc_sim.tui.glyphs import age, ago
from oidc_sim.tui.lists.columns import Column
from oidc_sim.tui.lists.row_source import NewestFirst, Remembered, RowCells, RowId, short

CLIENT_COLUMNS = (
    Column(title=printable("NAME"), width=18, min_width=12, priority=9, grows=True),
    Column(title=printable("CLIENT ID"), width=11, priority=3),
    Column(title=printable("TYPE"), width=6, priority=1),
    Column(title=printable("AGE"), width=4, priority=4, align="right"),
    Column(title=printable("DEVICES"), width=7, priority=5, align="right"),
    Column(title=printable("LAST SEEN"), width=9, priority=6),
)
_HEAD, _TAIL = 6, 4


def short_id(client_id: str) -> Printable:
    """The ends of a client id, ``Xa81LL…0pTz``."""
    if len(client_id) <= _HEAD + 1 + _TAIL:
        return short(client_id)
    return printable(f"{client_id[:_HEAD]}…{client_id[-_TAIL:]}")


class ClientRows:
    """A row for each registration. Its times move once a second, whatever the traffic."""

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

    def cells(self, index: int) -> RowCells:
        """Name, id, type, age (``over`` for an expired registration), devices, last seen."""
        client = self._simulator.state.clients[self._ids.at(index)]
        now = self._simulator.now().at
        since = printable("over") if client.is_expired(now) else age(now - client.issued_at)
        spans = (since, seen(self._simulator, client))
        version = (*spans, client.devices)
        return self._made.row(
            client.client_id, version, lambda: RowCells(_cells(client, *spans), version)
        )


def seen(simulator: Simulator, client: Client) -> Printable:
    """How long ago it was heard of: ``now`` while a request of it waits for an answer."""
    if client.client_id in simulator.awaiting:
        return ago(0)
    return ago(simulator.now().at - client.last_seen_at)


def _cells(client: Client, since: Printable, last: Printable) -> tuple[Printable, ...]:
    return (
        short(named(client.name)),
        short_id(client.client_id),
        printable("public"),  # the one type that AWS has, and that the engine lets in
        since,
        printable(f"{client.devices:,}"),
        last,
    )
