"""What the three lists show: row sources over the simulator.

They look things up and change nothing. A row is made again only when its own version moved, so a
frame costs what its visible rows cost, however many devices or requests there are. ``filtered`` asks
each request once, and clients and device codes again when the log moved; ``sorted_rows`` keep the order
of the moment at which somebody asked for it.

It must never: keep an index between two calls, walk over all requests for a frame, or let a client's
text out other than as ``Printable``.
"""

from oidc_sim.tui.lists.clients import CLIENT_COLUMNS, ClientRows
from oidc_sim.tui.lists.devices import DEVICE_COLUMNS, DeviceRows
from oidc_sim.tui.lists.requests import REQUEST_COLUMNS, RequestRows

__all__ = [
    "CLIENT_COLUMNS",
    "DEVICE_COLUMNS",
    "REQUEST_COLUMNS",
    "ClientRows",
    "DeviceRows",
    "RequestRows",
]
