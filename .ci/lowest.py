"""Prints pyproject.toml's dependencies, each at the lowest version that is allowed, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"

for needed in tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]:
    name, floor = re.fullmatch(r"([\w-]+)>=([\w.]+).*", needed).groups()
    print(f"{name}=={floor}")
