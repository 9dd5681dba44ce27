"""One row of the table of actions (``oidc_sim.actions.table``)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done, under the names that all ways to do it use."""

    id: str
    """For ever, such as ``device.approve``: a user's own key map names it."""
    words: str
    """As typed after ``oidc-sim ctl`` and on standard input: small letters for themselves, ``a|b`` for one
    of several, capitals for what is filled in, brackets for what may be left out."""
    route: str
    """Method and path in the control API; ``{user_code}`` stands for one segment."""
    help: str
    """What it does, in a sentence without a full stop."""
    key: str = ""
    """The key on the screen; capital letters as themselves."""
    label: str = ""
    """In the footer and the palette."""
    short: str = ""
    """In the footer of a narrow window."""
    in_words: str = ""
    """The help of the words, where what is selected on the screen has to be named."""
    at: str = ""
    """The id of the action whose key does this too, depending on what is selected."""

    @property
    def name(self) -> str:
        """The first of its words."""
        return self.words.partition(" ")[0]

    @property
    def method(self) -> str:
        """Of its route."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """Of its route."""
        return self.route.partition(" ")[2]
