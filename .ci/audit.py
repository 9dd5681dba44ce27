"""audit.py: whether a hole is known in what this interpreter has installed, by PyPI's own list.

Ends with 1 and a line for each hole. Where PyPI cannot be asked it says that it was skipped, and ends
with 0. As pip-audit does by default, without the thirty packages that it brings.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import distributions

PYPI = os.environ.get("OIDC_SIM_PYPI", "https://pypi.org/pypi")
NOT_SHIPPED = {"oidc-sim", "pip", "setuptools"}
WITHIN_S = 20
NOT_FOUND = 404


def holes(name: str, version: str) -> Iterator[str]:
    """What is known of one release; raises OSError or ValueError where PyPI does not say."""
    with urllib.request.urlopen(f"{PYPI}/{name}/{version}/json", timeout=WITHIN_S) as answer:  # noqa: S310
        known = json.load(answer)["vulnerabilities"]
    for hole in known:
        if not hole.get("withdrawn"):
            mended = ", ".join(hole.get("fixed_in", ())) or "no version yet"
            yield f"audit: {name} {version} has {hole['id']}, mended in {mended}"


def _outcome(found: list[str], asked: int, unknown: list[str]) -> str:
    if len(unknown) == asked:
        return f"audit: SKIPPED: the index knows none of {asked} packages"
    told = f"audit: {len(found)} holes known in {asked - len(unknown)} packages"
    return f"{told}\naudit: PyPI does not say of {', '.join(unknown)}" if unknown else told


def main() -> int:
    """Ask about each package; returns the exit code."""
    installed = {it.metadata["Name"]: it.version for it in distributions()}
    wanted = sorted(installed.items() - {it for it in installed.items() if it[0] in NOT_SHIPPED})
    found: list[str] = []
    unknown: list[str] = []
    for asked, (name, version) in enumerate(wanted):
        try:
            found += holes(name, version)
        except (OSError, ValueError, KeyError) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code == NOT_FOUND:
                unknown.append(f"{name} {version}")
                continue
            print(f"audit: SKIPPED after {asked} of {len(wanted)} packages: {name}: {error}")
            break
    else:
        print(_outcome(found, len(wanted), unknown))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


sys.exit(main())
