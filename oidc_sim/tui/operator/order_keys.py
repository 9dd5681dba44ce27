"""Keys about the order of rows: by a column, or as they came."""

from oidc_sim.tui.decisions import Hindered
from oidc_sim.tui.hints import Told
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.operator.operating_screen import DeskScreen
from oidc_sim.tui.panels import Panel

_NO_COLUMNS = Hindered("the inspector has no columns; ⟦back⟧ goes back to a list")


class OrderKeys(DeskScreen):
    """``<``, ``>``, ``S`` and ``f``."""

    def action_sort(self, by: int) -> None:
        """Sort the focused list by the column beside."""
        rows = self.panels.focused_list
        if rows is None:
            self._note(_NO_COLUMNS)
        elif not len(rows.source):
            self._note(Hindered("no rows to sort"))
        else:
            rows.step_sort(by)
            self._tell_order(rows)

    def action_sort_reverse(self) -> None:
        """Sort the focused list anew, the other way round."""
        rows = self.panels.focused_list
        if rows is None:
            self._note(_NO_COLUMNS)
        elif rows.sort is None:
            self._note(Hindered("sorted by no column; ⟦sort.right⟧ sorts by the first"))
        else:
            rows.sort_by(rows.sort.column, is_down=not rows.sort.is_down)
            self._tell_order(rows)

    def action_follow(self) -> None:
        """Stay at the newest request, or stop."""
        if self.panels.panel is not Panel.REQUESTS:
            self._note(Hindered("only Requests follows; ⟦panel.requests⟧ goes there"))
            return
        self.panels.requests.action_follow()
        is_following = self.panels.requests.is_following
        self._note(
            Told(
                "following the newest request" if is_following else "paused; ⟦follow⟧ follows again"
            )
        )

    def _end_sort(self) -> bool:
        """Whether the focused list was sorted, and is in its own order now."""
        rows = self.panels.focused_list
        if rows is None or rows.sort is None:
            return False
        rows.sort_by(None)
        self._tell_order(rows)
        return True

    def _tell_order(self, rows: RowList) -> None:
        if rows.sort is None:
            is_arrival = rows is self.panels.requests
            self._note(
                Told(f"in its own order: {'as they came' if is_arrival else 'newest first'}")
            )
            return
        title = rows.column_title(rows.sort.column).lower()
        first = "largest" if rows.sort.is_down else "smallest"
        self._note(
            Told(
                f"by {title}, {first} first, as of {rows.sort.at}; ⟦sort.reverse⟧ reverses, ⟦back⟧ ends."
            )
        )
