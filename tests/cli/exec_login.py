"""A client in the hands of ``oidc-sim exec``: prints its user code, and waits to be let in.

It reads the one variable that it is told to, as clients do that do not know them all.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
    url = os.environ[sys.argv[1]] + path
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, json.dumps(body).encode()) as response:
            answer: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    return answer


client = ask("/client/register", {"clientName": "x", "clientType": "public"})
ours = {name: client[name] for name in ("clientId", "clientSecret")}
start_url = "https://d-1234567890.awsapps.com/start"
device = ask("/device_authorization", {**ours, "startUrl": start_url})
print(device["userCode"], flush=True)  # noqa: T201
poll = {**ours, "grantType": DEVICE_GRANT, "deviceCode": device["deviceCode"]}
while "accessToken" not in ask("/token", poll):
    time.sleep(0.05)
print("signed in", flush=True)  # noqa: T201
