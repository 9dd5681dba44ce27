"""Enough on the screen to see everything once."""

from oidc_sim.engine.commands import Sweep
from oidc_sim.engine.model import Actor
from oidc_sim.testing.scenario import Scenario


def busy(scenario: Scenario) -> None:
    """Three clients and seven device codes in every state."""
    cli = scenario.register("aws-cli")
    scenario.wait(100)
    botocore = scenario.register("botocore-sso-util", agent="Boto3/1.40.61 md/Botocore#1.40.61")
    expired = cli.start()
    cli.poll(expired, 12)
    scenario.wait(590)
    scenario.do(Sweep())
    cli.poll(expired)
    denied = botocore.start()
    botocore.poll(denied, 2)
    scenario.decide("slow-down", denied.user_code, Actor.OPERATOR)
    botocore.poll(denied, 2, 6.0)
    scenario.decide("deny", denied.user_code, Actor.OPERATOR)
    botocore.poll(denied, 1, 6.0)
    collected = cli.start()
    cli.poll(collected, 12)
    scenario.decide("approve", collected.user_code, Actor.USER)
    cli.poll(collected)
    approved = cli.start()
    cli.poll(approved, 9)
    deploy = scenario.register("acme-deploy", agent="aws-sdk-go-v2/1.38.3 api/ssooidc#1.34.0")
    scenario.wait(60)
    fast = botocore.start()
    botocore.poll(fast, 40, 0.3)
    slowed = deploy.start()
    deploy.poll(slowed, 3)
    scenario.decide("slow-down", slowed.user_code, Actor.OPERATOR)
    newest = cli.start()
    for _ in range(6):
        cli.poll(newest, 1, 0.4)
        botocore.poll(fast, 2, 0.3)
    scenario.decide("slow-down", fast.user_code, Actor.SCRIPT)
    botocore.poll(fast, 2, 0.3)
    scenario.decide("approve", approved.user_code, Actor.SCRIPT)
    cli.poll(newest, 1, 0.6)
