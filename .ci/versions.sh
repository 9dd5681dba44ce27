#!/usr/bin/env bash
# Tests of whole processes, with the lowest dependencies that are allowed, and with the newest on the newest
# Python that is here. usage: versions.sh WORK; a Python that is not here is one line, and no failure.
set -euo pipefail
work=$1
tools=(pytest pytest-asyncio pytest-timeout pytest-xdist hypothesis pyte boto3)
tests=(tests/process/test_life.py)

newest_python() {
  local found
  for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3 /usr/bin/python3.[0-9][0-9] /usr/local/bin/python3.[0-9][0-9]; do
    [ -x "$found" ] && "$found" -c 'import ensurepip, ssl, sys
if sys.version_info[:2] > (3, 11) and sys.version_info.releaselevel == "final":
    print("%d.%02d" % sys.version_info[:2], sys.executable)' 2>/dev/null || true
  done | sort | tail -1 | cut -d' ' -f2
}

try() { # NAME PYTHON CONSTRAINTS
  "$2" -m venv "$work/$1"
  "$work/$1/bin/pip" install --disable-pip-version-check -qq -c "$3" . "${tools[@]}"
  "$work/$1/bin/python" -VV
  "$work/$1/bin/python" -m pytest -q -n2 -p no:cacheprovider "${tests[@]}"
}

python3 .ci/lowest.py >"$work/lowest.txt"
: >"$work/any.txt"
try lowest python3 "$work/lowest.txt"
newest=$(newest_python)
if [ -n "$newest" ]; then
  try newest "$newest" "$work/any.txt"
else
  echo "SKIPPED the newest Python: none after 3.11 is on this machine"
fi
