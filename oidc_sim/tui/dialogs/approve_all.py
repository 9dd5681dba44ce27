"""Whether to approve all sign-ins that wait."""

from collections.abc import Iterator, Sequence

from oidc_sim.tui.cells import printable
from oidc_sim.tui.dialogs.confirm import ConfirmDialog

_IN_A_LINE = 4
_OTHER_LINES = 11
"""Lines of the dialog without the codes, and one of the screen above and below it."""
_MOST_LINES = 8


def approve_all_dialog(
    user_codes: Sequence[str], notes: Sequence[str], height: int
) -> ConfirmDialog:
    """The question.

    Args:
        user_codes: Newest first, as on the screen behind.
        notes: Sentences about requests of theirs that are held, and about others that are left out.
        height: Lines of the window.
    """
    consequence = "\n".join(map(printable, _lines(user_codes, notes, height)))
    yes = f"approve {len(user_codes):,}"
    return ConfirmDialog("Approve all pending?", consequence, yes=yes, no="keep them pending")


def _lines(codes: Sequence[str], notes: Sequence[str], height: int) -> Iterator[str]:
    count = len(codes)
    yield f"This approves {count:,} sign-in{'' if count == 1 else 's'}. Clients may collect"
    yield "tokens within 1 s; collected tokens can't be undone."
    yield from notes
    yield ""
    room = height - _OTHER_LINES - max(0, len(notes) - 1)
    yield from _code_lines(codes, max(1, min(_MOST_LINES, room)))


def _code_lines(codes: Sequence[str], room: int) -> Iterator[str]:
    for at in range(0, min(len(codes), room * _IN_A_LINE), _IN_A_LINE):
        yield "  " + "  ".join(codes[at : at + _IN_A_LINE])
    if (more := len(codes) - room * _IN_A_LINE) > 0:
        yield f"  and {more:,} more"
