"""Pages of other sites in a real browser: what they can send without asking does nothing here (T-11)."""

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.callback import Callback
from tests.browser.hands import complaints
from tests.browser.served import Served
from tests.server.raw_http import PATIENCE_S

pytestmark = pytest.mark.needs("chromium")

POST = """
const [url, body, done] = arguments;
fetch(url, {method: "POST", mode: "no-cors", body}).then(it => done(it.type), it => done("failed"));
"""
SUBMIT = """
const [url, name, value] = arguments;
const form = document.createElement("form");
Object.assign(form, {method: "POST", action: url, enctype: "text/plain"});
form.append(Object.assign(document.createElement("input"), {name, value}));
document.body.append(form);
form.submit();
"""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["cross-site", "same-site"])
def test_a_page_of_another_site_registers_nothing(
    browser: Chrome, served: Served, callback: Callback, host: str
) -> None:
    register = f"{served.url}/client/register"
    simulator = served.site.simulator
    browser.get(f"http://{host}:{callback.port}/")
    sent = browser.execute_async_script(
        POST, register, '{"clientName":"evil","clientType":"public"}'
    )
    assert sent == "opaque"
    browser.execute_script(
        SUBMIT, register, '{"clientName":"evil","clientType":"public","x":"', '"}'
    )
    WebDriverWait(browser, PATIENCE_S, 0.02).until(
        lambda it: "A page of another site" in it.page_source, "the refusal"
    )
    assert served.call(lambda: (simulator.state.clients, simulator.log.turned_away)) == ({}, 2)
    recorded = served.call(lambda: [it.target for it in simulator.log.exchanges.since(0)])
    assert set(recorded) <= {"/favicon.ico"}  # for what the refusal itself is shown with
    browser.get("about:blank")
    assert "403" in "".join(complaints(browser))
