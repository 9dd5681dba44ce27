import pytest
from multidict import CIMultiDict

from oidc_sim.server.http.guard import HostGuard, authority_of, browser_check

PORT = 8990


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8990",
        "localhost:8990",
        "LOCALHOST:8990",
        "LocalHost:8990",
        "[::1]:8990",
    ],
)
def test_own_names_with_the_bound_port_are_served(host: str) -> None:
    assert HostGuard(PORT).accepts([host], "/token")


FOREIGN = [
    "",
    " ",
    "evil.example",
    "evil.example:8990",
    "127.0.0.1",  # the port may be left out only if it is 80
    "localhost",
    "[::1]",
    "127.0.0.1:8991",
    "127.0.0.1:80",
    "127.0.0.1:08990",
    "127.0.0.1:",
    "127.0.0.1:8990:8990",
    "127.0.0.1:8990/",
    "127.0.0.1:8990,127.0.0.1:8990",
    "127.0.0.1.nip.io:8990",
    "localhost.evil.example:8990",
    "127.0.0.1@evil",
    "127.0.0.1:8990@evil",
    "evil@127.0.0.1:8990",
    "localhost.:8990",
    "127.0.0.1.:8990",
    "0x7f.1:8990",
    "127.1:8990",
    "2130706433:8990",
    "127.0.0.2:8990",
    "0.0.0.0:8990",
    "[::ffff:127.0.0.1]:8990",
    "[0:0:0:0:0:0:0:1]:8990",
    "[::1%25lo]:8990",
    "::1:8990",
    "[::1]8990",
    "local\u212aost:8990",
    "loc\u0430lhost:8990",
    "localhost\x00:8990",
    "localhost\t:8990",
    "%6cocalhost:8990",
    "localhost\udcff:8990",
    "http://127.0.0.1:8990",
    "127.0.0.1:\u0668\u0669\u0669\u0660",
]


@pytest.mark.parametrize("host", FOREIGN)
def test_any_other_spelling_of_host_is_refused(host: str) -> None:
    assert not HostGuard(PORT).accepts([host], "/token")


@pytest.mark.parametrize("hosts", [[], ["127.0.0.1:8990", "127.0.0.1:8990"]])
def test_there_must_be_exactly_one_host(hosts: list[str]) -> None:
    assert not HostGuard(PORT).accepts(hosts, "/token")


def test_port_80_may_be_left_out() -> None:
    guard = HostGuard(80)
    assert guard.knows("localhost")
    assert guard.knows("localhost:80")
    assert not guard.knows("localhost:8990")


def test_the_bound_addresses_are_served() -> None:
    guard = HostGuard(PORT, ["192.0.2.7", "2001:db8::7"])
    assert guard.knows("192.0.2.7:8990")
    assert guard.knows("[2001:DB8::7]:8990")
    assert not guard.knows("192.0.2.8:8990")


@pytest.mark.parametrize(
    ("pattern", "host", "is_served"),
    [
        ("*.amazonaws.com", "oidc.us-east-1.amazonaws.com", True),
        ("*.amazonaws.com", "oidc.us-east-1.amazonaws.com:443", True),
        ("*.amazonaws.com", "OIDC.US-EAST-1.AMAZONAWS.COM", True),
        ("*.AmazonAWS.com", "oidc.us-east-1.amazonaws.com", True),
        ("*.amazonaws.com", "amazonaws.com.evil.example", False),
        ("*.amazonaws.com", "evil@oidc.amazonaws.com", False),
        ("*.amazonaws.com", "evil.example/.amazonaws.com", False),
        ("sim", "sim:1234", True),
        ("sim", "sim.evil.example", False),
        ("2001:db8::*", "[2001:db8::9]:1", True),
        ("*", "anything.at.all:1", True),
        ("*", "", False),
    ],
)
def test_allow_host_is_a_shell_pattern_on_the_name_without_its_port(
    pattern: str, host: str, *, is_served: bool
) -> None:
    assert HostGuard(PORT, allow_hosts=[pattern]).accepts([host], "/") is is_served


@pytest.mark.parametrize(
    ("target", "is_served"),
    [
        ("http://127.0.0.1:8990/token", True),
        ("HTTP://LOCALHOST:8990/token", True),
        ("http://127.0.0.1:8990", True),
        ("http://evil.example/token", False),
        ("http://evil.example:8990/token", False),
        ("https://evil.example/token", False),
        ("http://127.0.0.1:8990@evil.example/token", False),
        ("http://evil.example#127.0.0.1:8990/", False),
        ("http://evil.example?127.0.0.1:8990/", False),
        ("http://127.0.0.1:8990\\@evil.example/", False),
        ("http:///token", False),
    ],
)
def test_the_authority_of_an_absolute_target_must_be_ours_too(
    target: str, *, is_served: bool
) -> None:
    assert HostGuard(PORT).accepts(["127.0.0.1:8990"], target) is is_served


def test_an_own_absolute_target_does_not_excuse_a_foreign_host() -> None:
    assert not HostGuard(PORT).accepts(["evil.example"], "http://127.0.0.1:8990/token")


@pytest.mark.parametrize("target", ["/token", "//evil.example/token", "*", "evil.example:443"])
def test_other_target_forms_carry_no_authority(target: str) -> None:
    assert authority_of(target) is None


def test_refused_names_are_not_remembered_and_accepted_ones_are_bounded() -> None:
    guard = HostGuard(PORT, allow_hosts=["*"])
    for number in range(1000):
        assert guard.knows(f"host-{number}")
        assert not guard.knows(f"evil@{number}")
    assert len(guard._accepted) <= 64


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8990"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:8990"},
        {"Origin": "https://127.0.0.1:8990"},
    ],
)
def test_a_program_and_our_own_page_may_act(headers: dict[str, str]) -> None:
    assert browser_check(CIMultiDict({"Host": "127.0.0.1:8990", **headers})) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:8990"},
        {"Origin": "http://127.0.0.1:8991"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:8990.evil.example"},
        {"Origin": "http://127.0.0.1:8990/"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8990"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
)
def test_a_page_of_another_site_may_not_act(headers: dict[str, str]) -> None:
    assert browser_check(CIMultiDict({"Host": "127.0.0.1:8990", **headers})) is not None


@pytest.mark.parametrize(
    "twice", [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")]
)
@pytest.mark.parametrize("is_first", [False, True])
def test_a_bad_header_hides_neither_behind_a_good_one_nor_before_it(
    twice: tuple[str, str],
    is_first: bool,  # noqa: FBT001
) -> None:
    good = [
        ("Host", "127.0.0.1:8990"),
        ("Origin", "http://127.0.0.1:8990"),
        ("Sec-Fetch-Site", "same-origin"),
    ]
    assert browser_check(CIMultiDict([twice, *good] if is_first else [*good, twice])) is not None


def test_only_a_form_that_a_browser_calls_our_own_may_name_no_origin() -> None:
    nameless = {"Host": "127.0.0.1:8990", "Origin": "null"}
    own = CIMultiDict({**nameless, "Sec-Fetch-Site": "same-origin"})
    assert browser_check(own, is_form=True) is None
    assert browser_check(own) is not None
    assert browser_check(CIMultiDict(nameless), is_form=True) is not None
    for site in ("none", "same-site", "cross-site"):
        others = CIMultiDict({**nameless, "Sec-Fetch-Site": site})
        assert browser_check(others, is_form=True) is not None
