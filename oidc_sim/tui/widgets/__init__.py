"""What the screens are made of.

The live list is four parts, so that three of them can be tested without a terminal::

    row_source  what a list asks for its rows: a Protocol, and the cells of one row
    columns     which columns fit a width, and how wide each is
    viewport    cursor, follow, ghost and scroll: which rows are seen (no Textual)
    row_paint   a row as a strip, remembered while it does not change
    row_list    the widget: keys, mouse, messages, border

It must never: keep a row's index between two looks at its source, move the cursor because of
what a client did, or look at more rows than it shows.
"""

from oidc_sim.tui.widgets.columns import Column
from oidc_sim.tui.widgets.row_list import RowList
from oidc_sim.tui.widgets.row_source import RowCells, RowId, RowSource

__all__ = ["Column", "RowCells", "RowId", "RowList", "RowSource"]
