"""The table of faults is whole, and settings are judged by it."""

import pytest

from oidc_sim.engine.arrival import ANYTHING
from oidc_sim.faults.catalogue import BY_NAME, CATALOGUE
from oidc_sim.faults.content import CONTENT
from oidc_sim.faults.row import Family, Fault, When
from oidc_sim.faults.settings import settings_of, shown_setting
from oidc_sim.faults.steps import AS_IT_IS, Case, Plan
from oidc_sim.faults.timing import TIMING


def nothing(_case: Case) -> Plan:
    return AS_IT_IS


@pytest.mark.parametrize("left_out", ["fit", "make", "help", "when"])
def test_a_row_that_does_not_say_all_there_is_to_say_cannot_be_made(left_out: str) -> None:
    row = {
        "name": "n",
        "title": "t",
        "help": "h",
        "family": Family.TIMING,
        "when": When.INSTEAD,
        "fit": ANYTHING,
        "make": nothing,
    }
    assert Fault(**row).fit is ANYTHING  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=left_out):
        Fault(**{name: it for name, it in row.items() if name != left_out})  # type: ignore[arg-type]


def test_names_are_unique_and_kebab_case() -> None:
    assert len(BY_NAME) == len(CATALOGUE)
    assert all(name == name.lower() and " " not in name and "_" not in name for name in BY_NAME)


def test_the_digits_are_those_of_the_picker() -> None:
    digits = {fault.digit: fault.name for fault in CATALOGUE if fault.digit}
    assert digits == {
        1: "slow-down",
        2: "expired-token",
        3: "access-denied",
        4: "invalid-grant",
        5: "server-error",
        6: "throttled",
        7: "delay",
        8: "malformed-json",
        9: "drop",
    }


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda it: it.name)
def test_a_row_fits_the_picker_and_its_own_defaults(fault: Fault) -> None:
    assert len(fault.title) <= 24
    assert 3 <= len(fault.shows) <= 36
    assert len(fault.note) <= 6
    assert not fault.help.endswith(".")
    defaults = {it.name: it.default for it in fault.parameters}
    assert settings_of(fault, {}) == defaults
    assert settings_of(fault, defaults) == defaults


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda it: it.name)
def test_every_choice_is_taken(fault: Fault) -> None:
    for parameter in fault.parameters:
        for choice in parameter.choices:
            assert isinstance(settings_of(fault, {parameter.name: choice}), dict)


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("delay", {"seconds": -1}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": float("nan")}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": True}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"wait": 1}, "delay has no such setting; there is seconds to set"),
        ("drop", {"wait": 1}, "drop has no such setting; there is nothing to set"),
        ("proxy", {"status": 408}, "status of proxy is one of 407, 302, 307"),
        ("proxy", {"status": "408"}, "status of proxy is one of 407, 302, 307"),
        ("no-refresh-token", {"value": 1}, "value of no-refresh-token is one of absent, null"),
        ("delay", {"seconds": 10**400}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": "9" * 400}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": "9" * 5000}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": "[" * 50_000}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": "true"}, "seconds of delay is a number from 0 to 3600"),
        ("delay", {"seconds": "1e999"}, "seconds of delay is a number from 0 to 3600"),
        ("latency", {"seed": 10**400}, "seed of latency is a number"),
        ("callback-late", {"is_refused": "1"}, "is_refused of callback-late is true or false"),
        ("edit", {"member": 1}, "member of edit is a text"),
        *(
            (
                "edit",
                {"member": "interval", "value": value},
                "value of edit is JSON that is whole and not too deep, or a plain text",
            )
            for value in ("[" * 30_000, "[" * 101 + "]" * 101, ' {"a":', '"a', "[1] 2", 5)
        ),
        ("callback-late", {"is_refused": 1}, "is_refused of callback-late is true or false"),
        ("quota", {"requests": 1.5}, "requests of quota is a number from 0 to 1e+06"),
    ],
)
def test_a_wrong_setting_gets_a_sentence(
    name: str, given: dict[str, object], sentence: str
) -> None:
    assert settings_of(BY_NAME[name], given) == sentence


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("delay", {"seconds": "5"}, {"seconds": 5}),
        ("delay", {"seconds": "0.5"}, {"seconds": 0.5}),
        ("callback-late", {"is_refused": "true"}, {"is_refused": True}),
        ("custom", {"body": "5", "status": "503"}, {"body": "5", "status": 503}),
        ("access-denied", {"reason": "123"}, {"reason": "123"}),
        ("edit", {"value": "null"}, {"value": "null"}),
        ("edit", {"value": "teapot"}, {"value": "teapot"}),
        ("edit", {"value": '{"a":[1]}'}, {"value": '{"a":[1]}'}),
        ("interval", {"value": "5"}, {"value": "5"}),
        ("interval", {"value": "5.5"}, {"value": 5.5}),
        ("interval", {"value": "null"}, {"value": None}),
        ("proxy", {"status": "307"}, {"status": 307}),
    ],
)
def test_what_is_typed_gets_its_type_from_the_parameter(
    name: str, typed: dict[str, object], meant: dict[str, object]
) -> None:
    settings = settings_of(BY_NAME[name], typed)
    assert isinstance(settings, dict)
    assert {key: settings[key] for key in typed} == meant
    assert {key: type(settings[key]) for key in typed} == {k: type(v) for k, v in meant.items()}


@pytest.mark.parametrize("fault", CATALOGUE, ids=lambda it: it.name)
def test_every_choice_can_be_typed(fault: Fault) -> None:
    for parameter in fault.parameters:
        assert len({*map(shown_setting, parameter.choices)}) == len(parameter.choices)
        for choice in parameter.choices:
            settings = settings_of(fault, {parameter.name: shown_setting(choice)})
            assert isinstance(settings, dict)
            assert settings[parameter.name] == choice


def test_a_family_stands_together() -> None:
    families = [fault.family for fault in CATALOGUE]
    assert families == sorted(families, key=families.index)
    assert {it.family for it in TIMING} == {Family.TIMING}
    assert {it.family for it in CONTENT} == {Family.CONTENT}


def test_what_shows_at_a_later_request_only_catches_all_requests() -> None:
    always = {fault.name for fault in CATALOGUE if fault.times is None}
    assert always == {"quota", "stall", "stale-login", "refresh-rotation"}
    assert {fault.times for fault in CATALOGUE} == {1, None}
