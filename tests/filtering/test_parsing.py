import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.filtering import Expression, Fields, FilterError, completions, parse
from oidc_sim.filtering.english import completed, in_english
from oidc_sim.filtering.language import Facts

POLL: Facts = {
    "client": ("botocore-sso-util", "Xa81LL"),
    "code": "WDJB-MJHT",
    "endpoint": "/token",
    "status": 400,
    "ms": 51.5,
    "state": "pending",
    "scope": ("sso:account:access", "other"),
    "op": "CreateToken",
    "agent": "aws-cli/2.30 [x]",
    "ip": None,
    "held": True,
    "fault": False,
}


def read(text: str) -> Expression:
    expression = parse(text)
    assert isinstance(expression, Expression), expression
    return expression


def wrong(text: str) -> FilterError:
    error = parse(text)
    assert isinstance(error, FilterError)
    return error


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "wdjb",
        "W?JB",
        "boto*util",
        "400",
        "client:botocore",
        "CLIENT:Boto*",
        "client:xa81*",
        "client=XA81LL",
        "client!=aws-cli",
        "status>=400",
        "status >= 400",
        "status:4*",
        "status=400 ms>50 ms<52 ms<=51.5",
        "status!=200",
        "held",
        "!fault",
        "!error",
        "!!held",
        "!ip:*",
        "ip!=127.0.0.1",
        "scope:sso:*",
        'agent:"[x]"',
        "agent:*[x]",
        '"aws-cli/2.30 [x]"',
        "denied | held",
        "denied || held && pending",
        "denied & fault | held",
        "(denied | held) & (pending)",
        "status>=400&client:botocore&!slow_down",
    ],
)
def test_it_matches(text: str) -> None:
    assert read(text).matches(POLL)


@pytest.mark.parametrize(
    "text",
    [
        "denied",
        "40",
        "W?DJB",
        "status:40",
        "status>400",
        "status<400",
        "ms>=52",
        "fault",
        "error",
        '"held"',
        '"W?JB"',
        "!held",
        "ip:*",
        "client=boto",
        "client:util*",
        "client!=Xa81LL",
        "agent:[y]",
        "denied | fault",
        "held & (denied | fault)",
        "held denied",
        "slow | held & denied",
    ],
)
def test_it_does_not_match(text: str) -> None:
    assert not read(text).matches(POLL)


@pytest.mark.parametrize("text", ["aws-cliwd", "aws-cli\0", "createtokenaws"])
def test_a_word_is_found_within_one_value_only(text: str) -> None:
    assert not read(text).matches({"op": "CreateToken", "client": ("aws-cli", "WDJB")})


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("status>=4x0", 8, "expected a number"),
        ("status>=", 8, "expected a number"),
        ("ms>-1", 3, "expected a number"),
        ("status:4x", 7, "expected a number, where"),
        ("held & status>=4x0", 15, "expected a number"),
        ("client>4", 6, "expected : or = after client"),
        ("client:", 7, "expected a text"),
        ('client:"boto', 7, 'expected a closing "'),
        ('a "boto', 2, 'expected a closing "'),
        ('a ""', 3, "expected a text in the quotes"),
        ("colour:red", 0, "expected agent:, client:"),
        ("held:yes", 4, "expected nothing after it"),
        ("(a | b", 6, "expected )"),
        ("a ) b", 2, "expected no )"),
        ("a &", 3, "expected a word"),
        ("a | | b", 4, "expected a word"),
        ("!", 1, "expected a word"),
        ("()", 1, "expected a word"),
        (">=400", 0, "expected a field before it"),
        ("status*>4", 6, "expected > after the field"),
        ("x" * 501, 500, "expected at most 500"),
        ("(" * 40, 30, "expected at most 30 levels"),
        ("!" * 400 + "a", 30, "expected at most 30 levels"),
    ],
)
def test_an_error_says_where_and_what_was_expected(text: str, at: int, expected: str) -> None:
    error = wrong(text)
    assert error.at == at
    assert error.message.startswith(expected)


@given(st.text(max_size=600) | st.text(alphabet='ab:*?!&|()"<>= 4sTtusm', max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    read_or_not = parse(text)
    if isinstance(read_or_not, FilterError):
        assert 0 <= read_or_not.at <= len(text)
        assert read_or_not.message.isprintable()
    else:
        assert isinstance(read_or_not.matches(POLL), bool)
        assert read_or_not.text == text
        assert in_english(read_or_not)
    assert isinstance(completions(text, len(text) // 2), list)


@given(st.text(alphabet='ab*"() ', max_size=40))
def test_a_filter_and_its_opposite_never_agree(text: str) -> None:
    if isinstance(there := parse(text), Expression) and not there.is_everything:
        assert read(f"!({text})").matches(POLL) is not there.matches(POLL)


@pytest.mark.parametrize(
    "text", ["code:BCDFGHJK", "code:bcdf-ghjk", "code=BCDFGHJK", "code:DFGH", "code:BCDFG*"]
)
def test_a_code_is_found_with_or_without_its_dash(text: str) -> None:
    assert read(text).matches({"code": "BCDF-GHJK"})
    assert not read(text).matches({"code": "BCDD-GHJK"})


def test_many_stars_do_not_make_it_slow() -> None:
    assert not read("a*" * 200 + "b").matches({"agent": "a" * 60_000})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "all requests"),
        (
            "status>=400 & client:botocore* & !slow_down",
            (
                "requests with a status of at least 400 and a client like botocore*, "
                "and not slow_down anywhere"
            ),
        ),
        ('held | "a b"', 'requests with either a hold or "a b" anywhere'),
        (
            "(held | fault) ms>50",
            ("requests with (either a hold or an injected fault) and a duration in ms above 50"),
        ),
        ("!held !fault", "requests with not a hold and not an injected fault"),
        ("client=x", "requests with a client of x"),
    ],
)
def test_it_is_said_in_english(text: str, said: str) -> None:
    assert in_english(read(text)) == said


def test_what_is_filtered_has_its_name() -> None:
    assert in_english(read("boto"), of="clients") == "clients with boto anywhere"


def test_the_word_before_the_caret_is_completed() -> None:
    assert completions("st", 2) == ["state:", "status>="]
    assert completions("held & !cl", 10) == ["client:"]
    assert completions("state:p", 7) == ["state:pending"]
    assert completions("held", 4) == []
    assert completions("zz", 2) == []
    assert completions("st", 2, CODES) == ["state:"]
    assert completions("state:p", 7, Fields(frozenset({"client"}))) == []
    assert completed("held & cl | x", 9, "client:") == ("held & client: | x", 14)


CODES = Fields(frozenset({"client", "code", "state"}), "codes have no {}")


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("a | status>=400", 4, "codes have no status; expected client:, code: or state:"),
        ("!held", 1, "codes have no held; expected client:, code: or state:"),
        ("op:Create*", 0, "codes have no op; expected client:, code: or state:"),
        ("colour:red", 0, 'expected client:, code: or state:, or "quotes" around a text'),
    ],
)
def test_what_the_rows_do_not_have_cannot_be_asked(text: str, at: int, told: str) -> None:
    assert parse(text, CODES) == FilterError(at, told)


def test_what_the_rows_have_can_be_asked() -> None:
    assert parse('client:a state:p* "held" word', CODES) == read('client:a state:p* "held" word')
