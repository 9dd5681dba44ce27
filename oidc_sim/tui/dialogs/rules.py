"""The list of active rules: holds and faults, what they have done and what is left."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.widgets.option_list import Option

from oidc_sim.engine.arrival import Rule, Target
from oidc_sim.engine.commands import PauseRule
from oidc_sim.engine.rules import near_miss, over_because
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.bar import cut_to, width_of
from oidc_sim.tui.cells import Printable, printable
from oidc_sim.tui.decisions import Decisions, Hindered, Result
from oidc_sim.tui.dialogs.questions import ChoiceList

_GAP = "  "
_NAME = 22
"""Cells of each name at most where not all have room, so that the next has some."""
_LEAST = 12
"""Cells that are left for names in however narrow a line."""


def rule_text(rule: Rule, tick: float, width: int) -> Printable:
    """A rule in one line: its effect and target, which may be cut, then its numbers, which never are.

    ``tick`` is real monotonic seconds now, ``width`` in cells.
    """
    numbers = printable(_numbers(rule, tick))
    room = max(_LEAST, width - width_of([(numbers, "")]) - len(_GAP))
    names = _names(rule)
    if width_of([(names, "")]) > room:
        names = _names(rule, _NAME)
    cut = cut_to(names, room)
    return printable(f"{cut}{' ' * (room - width_of([(cut, '')]))}{_GAP}{numbers}")


def rule_details(rule: Rule) -> str:
    """The rule's nearest miss, and why it is over, in a sentence."""
    over = f"; over: {rule.over_because}" if rule.over_because else ""
    return f"{near_miss(rule)}{over}"


def _numbers(rule: Rule, tick: float) -> str:
    if over_because(rule, tick):
        return f"{rule.done:,} done, over"
    left = rule.left()
    often = "always" if left is None else f"{left:,} left"
    minutes, seconds = divmod(max(0, round(rule.ends_tick() - tick)), 60)
    paused = f"{_GAP}PAUSED" if rule.is_paused else ""
    return f"{rule.done:,} done, {often}{_GAP}{minutes}:{seconds:02}{paused}"


def _names(rule: Rule, cells: int | None = None) -> Printable:
    """Its number, what it does and to whom, each name in so many cells at most."""
    whose = [printable(text) for text in _named(rule.target)]
    cut = " ".join(cut_to(text, cells) if cells else text for text in whose)
    return printable(f"{rule.rule_id}{_GAP}{rule.fault or 'hold'}{_GAP}{cut or 'every request'}")


def _named(target: Target) -> list[str]:
    named = (target.user_code, target.client_id, target.operation, target.filter.text)
    return [text for text in named if text]


LOOKS_EVERY_S = 1.0


class RulesScreen(ModalScreen[None]):
    """Lists, pauses, removes and restores."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,I,shift+i,q", "dismiss", "Close", show=False, id="rules.close"),
        Binding("p", "pause", show=False, id="rules.pause"),
        Binding("x", "remove", show=False, id="rules.remove"),
        Binding("u", "restore", show=False, id="rules.restore"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 - Textual annotates it so

    DEFAULT_CSS = """
    RulesScreen {
        align: center middle;
        #rules {
            width: 90%; max-width: 100; height: auto; max-height: 80%; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        ChoiceList, ChoiceList:focus { max-height: 14; }
        &.-low ChoiceList { max-height: 7; }
        #about { height: 3; }
    }
    """

    def __init__(
        self, simulator: Simulator, decisions: Decisions, note: Callable[[Result], None]
    ) -> None:
        """List the simulator's rules; ``decisions`` remembers removals, ``note`` says what was done."""
        super().__init__()
        self._simulator = simulator
        self._decisions = decisions
        self._say = note
        self._why_not = ""
        """Why the last key did nothing."""

    def compose(self) -> ComposeResult:
        """The list, and more about the chosen one."""
        with Vertical(id="rules") as box:
            box.border_title = "Active rules"
            box.border_subtitle = "p pause  x remove  u undo  esc close"
            yield ChoiceList(markup=False)
            yield Static("", markup=False, id="about")

    def on_mount(self) -> None:
        """Fills the list, and counts down."""
        self.look()
        self.call_after_refresh(self.look)  # once the width is known
        self.set_interval(LOOKS_EVERY_S, self.look)

    def on_option_list_option_highlighted(self) -> None:
        """Tells more about the one that the cursor is on."""
        self._why_not = ""
        self._tell()

    def action_pause(self) -> None:
        """Let the chosen rule rest, or act again."""
        rule = self._chosen()
        if rule is not None:
            command = PauseRule(rule_id=rule.rule_id, is_paused=not rule.is_paused)
            self._simulator.dispatch(command)
            self.look()

    def action_remove(self) -> None:
        """Forget the chosen rule."""
        rule = self._chosen()
        if rule is not None:
            self._say(self._decisions.remove(rule))
            self.look()

    def action_restore(self) -> None:
        """Take the last removal back."""
        restored = self._decisions.restore()
        self._say(restored)
        self._why_not = restored.why if isinstance(restored, Hindered) else ""
        self.look()

    def look(self) -> None:
        """Take in what is new; the cursor stays on its rule."""
        options, rules = self.query_one(ChoiceList), self._simulator.state.rules
        tick, width = self._simulator.now().tick, options.size.width
        if [option.id for option in options.options] != [str(it) for it in rules]:
            chosen = options.highlighted or 0
            options.clear_options()
            options.add_options(
                Option(rule_text(rule, tick, width), id=str(rule.rule_id))
                for rule in rules.values()
            )
            options.highlighted = min(chosen, len(rules) - 1) if rules else None
        else:
            for rule in rules.values():
                options.replace_option_prompt(str(rule.rule_id), rule_text(rule, tick, width))
        self._tell()

    def _chosen(self) -> Rule | None:
        options = self.query_one(ChoiceList)
        if options.highlighted is None:
            return None
        chosen = options.get_option_at_index(options.highlighted).id
        return self._simulator.state.rules.get(int(chosen or 0))

    def _tell(self) -> None:
        rule = self._chosen()
        about = self._why_not or (rule_details(rule) if rule else "No rule is active any more.")
        self.query_one("#about", Static).update(f"\n{printable(about)}")
