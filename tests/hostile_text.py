"""What strangers may send where a name is expected (T-01, T-02, T-03)."""

from types import MappingProxyType

from hypothesis import strategies as st

PAYLOADS = MappingProxyType(
    {
        "osc52_bel": "A\x1b]52;c;T1dORUQ=\x07B",
        "osc52_st": "A\x1b]52;c;T1dORUQ=\x1b\\B",
        "csi": "A\x1b[2J\x1b[99;98H\x1b[5;41mapproved\x1b[0mB",
        "c1_csi": "A\x9b2J\x9b5;41mapproved\x9d0;title\x9cB",
        "title": "A\x1b]0;pwned\x07B",
        "cursor_report": "A\x1b[6n\x1b[c\x05B",
        "bidi": "A\u202eevil\u202c\u2066x\u2069B",
        "zero_width": "A\u200b\u200d\u2060\ufeff\U000e0041\u3164\ufe0fB",
        "closing_tag": "[/b] A",
        "click_action": '[@click=app.approve("evil")]x[/]',
        "unknown_tag": "[TODO] x [red]y[/red] [/",
        "lone_surrogate": "A\ud83d\udcffB",
        "nul": "A\x00\x08\x0b\x0c\r\nB",
        "long": "漢A\x1b" * 2500,
    }
)
"""One of each kind. Those for a terminal are whole sequences, which it would obey."""

_ANYTHING = st.text(st.characters(exclude_categories=()))
"""Lone surrogates too: aiohttp makes them of bad bytes in a header (T-03)."""
_NASTY = st.text(
    st.sampled_from(
        "a\\ \x00\x07\x1b]\x7f\x85\x9b\u202e\u200d\ufe0f\u0301\u0315\u20dd\u1161\u115f漢👍\U0001f3fd🇨🇭\ud800"
    )
)

TEXTS = st.one_of(_ANYTHING, _NASTY)
"""Any text at all, and text made of the worst characters only."""
