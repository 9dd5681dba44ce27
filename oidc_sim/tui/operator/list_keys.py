"""Keys of the lists: which rows are shown and in which order, and from a row to what it belongs to."""

from oidc_sim.filtering import Expression
from oidc_sim.tui.bars.filter_line import FilterLine
from oidc_sim.tui.decisions import Hindered, Noted
from oidc_sim.tui.lists.filtered import FIELDS
from oidc_sim.tui.lists.row_list import RowList
from oidc_sim.tui.lists.row_source import RowId
from oidc_sim.tui.operator.work import KeyActions, Work
from oidc_sim.tui.panels import LISTS, Panel

MOST_JUMPS = 50


class FindKeys(KeyActions):
    """``/``, ``]`` and ``[``."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._jumps: list[tuple[Panel, RowId]] = []

    def filter(self) -> None:
        """Type a filter for the focused list."""
        panel = self._panels.panel
        if panel not in LISTS:
            self._note(Hindered("only lists are filtered; ⟦back⟧ goes back to one"))
            return

        def tell(expression: Expression) -> str:
            return self._panels.filter(panel, expression)

        text = self._panels.filter_text(panel)
        self._ask(FilterLine(text, panel.title.lower(), FIELDS[panel], tell))

    def jump(self) -> None:
        """From a request to its device code, from that to its client."""
        subject = self._panels.subject
        found = self._owner()
        if found is None or subject.row_id is None:
            self._note(Hindered("nothing to jump to: select a request or a device code"))
            return
        panel, row_id = found
        if not self._panels.select(panel, row_id):
            self._note(Hindered(f"{row_id} is not in {panel.title}; a filter may hide it"))
            return
        self._jumps = [*self._jumps, (subject.panel, subject.row_id)][-MOST_JUMPS:]
        self._note(Noted(f"{panel.title}; ⟦jump.back⟧ goes back", is_about_move=True))

    def jump_back(self) -> None:
        """To where the last jump came from."""
        if not self._jumps:
            self._note(Hindered("no jump to go back from; ⟦jump⟧ jumps"))
            return
        panel, row_id = self._jumps.pop()
        if self._panels.select(panel, row_id):
            self._note(Noted(f"back in {panel.title}", is_about_move=True))
        else:
            self._note(Hindered("that row is gone, or a filter hides it"))

    def _owner(self) -> tuple[Panel, RowId] | None:
        subject, state = self._panels.subject, self._simulator.state
        if subject.panel is Panel.REQUESTS:
            exchange = subject.exchange(self._simulator)
            if exchange is None:
                return None
            if exchange.user_code in state.devices:
                return Panel.DEVICES, exchange.user_code or ""
            return (Panel.CLIENTS, exchange.client_id) if exchange.client_id else None
        if subject.panel is Panel.DEVICES:
            device = state.devices.get(str(subject.row_id))
            return (Panel.CLIENTS, device.client_id) if device else None
        return None


_NO_COLUMNS = Hindered("the inspector has no columns; ⟦back⟧ goes back to a list")


class OrderKeys(KeyActions):
    """``<``, ``>``, ``S`` and ``f``."""

    def sort(self, by: int) -> None:
        """Sort the focused list by the column beside."""
        rows = self._panels.focused_list
        if rows is None:
            self._note(_NO_COLUMNS)
        elif not len(rows.source):
            self._note(Hindered("no rows to sort"))
        else:
            rows.step_sort(by)
            self._tell_order(rows)

    def reverse(self) -> None:
        """Sort the focused list anew, the other way round."""
        rows = self._panels.focused_list
        if rows is None:
            self._note(_NO_COLUMNS)
        elif rows.sort is None:
            self._note(Hindered("sorted by no column; ⟦sort.right⟧ sorts by the first"))
        else:
            rows.sort_by(rows.sort.column, is_down=not rows.sort.is_down)
            self._tell_order(rows)

    def follow(self) -> None:
        """Stay at the newest request, or stop."""
        if self._panels.panel is not Panel.REQUESTS:
            self._note(Hindered("only Requests follows; ⟦panel.requests⟧ goes there"))
            return
        self._panels.requests.action_follow()
        is_following = self._panels.requests.is_following
        self._note(
            Noted(
                "following the newest request" if is_following else "paused; ⟦follow⟧ follows again"
            )
        )

    def end_sort(self) -> bool:
        """Whether the focused list was sorted, and is in its own order now."""
        rows = self._panels.focused_list
        if rows is None or rows.sort is None:
            return False
        rows.sort_by(None)
        self._tell_order(rows)
        return True

    def _tell_order(self, rows: RowList) -> None:
        if rows.sort is None:
            is_arrival = rows is self._panels.requests
            self._note(
                Noted(f"in its own order: {'as they came' if is_arrival else 'newest first'}")
            )
            return
        title = rows.column_title(rows.sort.column).lower()
        first = "largest" if rows.sort.is_down else "smallest"
        self._note(
            Noted(
                f"by {title}, {first} first, as of {rows.sort.at}; ⟦sort.reverse⟧ reverses, ⟦back⟧ ends."
            )
        )
