"""The answer is right and its time is not."""

from functools import partial

from oidc_sim.faults.row import Family, Fault, Parameter, When

_timing = partial(Fault, family=Family.TIMING, when=When.AFTER)


def _seconds(default: float, help_text: str) -> Parameter:
    return Parameter(name="seconds", help=help_text, default=default, least=0, most=3600)


TIMING = (
    _timing(
        name="delay",
        covers=("F-09",),
        title="delay the reply",
        shows="…    30 s",
        help="The request waits, then is answered truly",
        when=When.BEFORE,
        digit=7,
        parameters=(_seconds(30, "until it is looked at"),),
    ),
    _timing(
        name="latency",
        covers=("F-43",),
        title="latency by chance",
        shows="…    0.1 to 2 s",
        help="Each request waits for a time of a distribution",
        when=When.BEFORE,
        parameters=(
            Parameter(
                name="distribution",
                help="its shape",
                default="uniform",
                choices=("fixed", "uniform", "log-normal"),
            ),
            Parameter(name="least_s", help="seconds", default=0.1, least=0, most=3600),
            Parameter(name="most_s", help="seconds", default=2.0, least=0, most=3600),
            Parameter(name="seed", help="what chance starts from", default=0),
        ),
    ),
    _timing(
        name="black-hole",
        covers=("F-10", "F-22"),
        title="never answer",
        shows="…    nothing, for ever",
        help="The request is read and nothing comes until the client gives up",
        when=When.INSTEAD,
    ),
    _timing(
        name="stall",
        covers=("F-58",),
        title="server stalls",
        times=None,
        shows="…    all wait 10 s",
        help="From the first request caught, all that are caught wait for the same moment",
        when=When.BEFORE,
        parameters=(_seconds(10, "from the first request"),),
    ),
    _timing(
        name="slow-drip",
        covers=("F-38",),
        title="slow drip",
        shows="200  1 byte a second",
        help="The answer comes byte by byte",
        parameters=(_seconds(1, "between two bytes"),),
    ),
    _timing(
        name="slicer",
        covers=("F-49",),
        title="sliced answer",
        shows="200  in segments of 1 byte",
        help="The right answer in segments of a few bytes",
        parameters=(
            Parameter(name="bytes", help="in a segment", default=1, least=1, most=65_536),
            _seconds(0.001, "between two segments"),
        ),
    ),
    _timing(
        name="bandwidth",
        covers=("F-50",),
        title="narrow line",
        shows="200  at 100 bytes a second",
        help="The answer goes out so fast and no faster",
        parameters=(
            Parameter(name="bytes_s", help="bytes a second", default=100, least=1, most=1e9),
        ),
    ),
    _timing(
        name="slow-close",
        covers=("F-51",),
        title="slow close",
        shows="200  ends after 5 s",
        help="The whole answer without its length; the connection ends later",
        parameters=(_seconds(5, "until the end"),),
    ),
)
