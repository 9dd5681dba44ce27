"""A world with enough in it to give evidence of."""

from dataclasses import dataclass

from oidc_sim.evidence.selection import Selection, Taken, take
from oidc_sim.testing.scenario import URL, DeviceFlow, Program, Scenario


@dataclass
class Seen:
    """Two clients: one that polls too fast and is let in, and one that waits."""

    scenario: Scenario
    fast: Program
    slow: Program
    collected: DeviceFlow
    waiting: DeviceFlow
    secrets: tuple[str, ...]

    def take(self, **selected: str | int) -> Taken | None:
        return take(self.scenario.simulator, Selection(**selected), URL)  # type: ignore[arg-type]

    def taken(self, **selected: str | int) -> Taken:
        taken = self.take(**selected)
        assert taken is not None
        return taken


def seen() -> Seen:
    """``fast`` makes requests 1 and 3 to 7, ``slow`` 2, 8 and 9."""
    scenario = Scenario()
    fast, slow = scenario.register("fast-cli"), scenario.register("slow|cli `x`")
    collected = fast.start()
    fast.poll(collected, 3, 0.3)
    scenario.decide("approve", collected.user_code)
    tokens = fast.poll(collected)
    waiting = slow.start()
    slow.poll(waiting)
    secrets = (
        *(fast.client_secret, slow.client_secret, collected.device_code, waiting.device_code),
        *(tokens["accessToken"], tokens["refreshToken"]),
    )
    return Seen(scenario, fast, slow, collected, waiting, secrets)
