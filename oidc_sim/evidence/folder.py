"""Evidence on the disk: a new directory with new files, for the owner alone."""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oidc_sim.private_file import OWNER_ONLY, OWNER_ONLY_DIRECTORY

PREFIX = "oidc-sim-evidence-"
_NAMESAKES = 100
"""Directories of one second: more than a person makes."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_folder(files: Mapping[str, bytes], at: float, where: Path) -> Path:
    """Write the files into a directory that was not there before; returns its path.

    Args:
        files: What is in each, by name.
        at: The instant that names the directory, seconds since 1970, in local time.
        where: The directory to make it in.

    Raises:
        OSError: There is no room, or nobody may write there.
    """
    folder = _new_folder(where / (PREFIX + time.strftime("%Y%m%d-%H%M%S", time.localtime(at))))
    for name, data in files.items():
        with os.fdopen(os.open(folder / name, _NEW, OWNER_ONLY), "wb") as file:
            file.write(data)
    return folder


def files_of(members: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of evidence that came as JSON; all of it in ASCII but the report, which is UTF-8."""
    lines = "".join(json.dumps(line) + "\n" for line in members["lines"])
    return {
        "report.md": members["report"].encode("utf-8", "backslashreplace"),
        "evidence.har": json.dumps(members["har"], indent=1).encode("ascii") + b"\n",
        "evidence.jsonl": lines.encode("ascii"),
    }


def reason(error: OSError) -> str:
    """Why nothing was written, in a few words for a person."""
    return f"cannot write evidence: {error.strerror or error}"


def _new_folder(path: Path) -> Path:
    """The directory, or one with a number after its name: what is there is never written to."""
    for number in range(1, _NAMESAKES):
        folder = path if number == 1 else path.with_name(f"{path.name}-{number}")
        try:
            folder.mkdir(OWNER_ONLY_DIRECTORY)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(17, "too many of this second", str(path))
