"""One demo client from its start to its end."""

from oidc_sim.demo.asking import Asking, NoAnswerError
from oidc_sim.demo.browser import sign_in_by_browser
from oidc_sim.demo.device import sign_in_by_device
from oidc_sim.demo.performance import Performance
from oidc_sim.demo.signing_in import FailedError, Sleep, Stage


async def perform(performance: Performance, url: str, sleep: Sleep) -> str | None:
    """Sign in as this client does; gives a sentence about what went wrong, if something did."""
    asking = Asking(url, f"{performance.client} oidc-sim")
    stage = Stage(performance, asking, sleep)
    try:
        if performance.is_browser:
            await sign_in_by_browser(stage)
        else:
            await sign_in_by_device(stage)
    except (FailedError, NoAnswerError) as error:
        return f"{performance.client} ended: {error}"
    except Exception as error:  # noqa: BLE001 - a strange answer, by a fault laid for it, say
        return f"{performance.client} ended: {type(error).__name__}"
    return None
