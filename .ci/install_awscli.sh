#!/usr/bin/env bash
# install_awscli.sh DIR: AWS CLI v2 in DIR; prints the path of its `aws` and nothing else.
#
# PyPI's awscli is version 1, which has no `sso login`; AWS's own installer is not on a mirror. Debian's
# package is version 2 in plain Python, so: fetch that .deb by this machine's own mirror without touching
# its package lists, unpack it, and let pip bring what it needs. A second run finds it done.
set -euo pipefail
dir=${1:?usage: install_awscli.sh DIR}
suite=trixie
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
aws=$dir/aws
say() { printf 'install_awscli: %s\n' "$*" >&2; }

# Runs a step quietly; shows what it said only if it fails.
step() {
  local log=$dir/log
  "$@" >"$log" 2>&1 || { cat "$log" >&2; say "failed: $*"; exit 1; }
}

# The base URL of this machine's Debian mirror.
mirror() {
  local found
  found=$(grep -rhE '^(deb |URIs:)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
    grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ') || true
  printf '%s\n' "${found:-https://deb.debian.org/debian}"
}

fetch() {
  local apt=$dir/apt
  rm -rf "$apt"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$(mirror)" "$suite" >"$apt/sources.list"
  local options=(
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o "APT::Sandbox::User=$(id -un)"
  )
  step apt-get "${options[@]}" -q update
  (cd "$apt" && step apt-get "${options[@]}" -q download awscli)
  step dpkg -x "$apt"/awscli_*.deb "$dir/root"
  rm -rf "$apt"
}

# Its needs, in an environment of its own, with the unpacked package on its path.
install_needs() {
  local packages=$dir/root/usr/lib/python3/dist-packages
  sed -n 's/^Requires-Dist: //p' "$packages"/awscli-*.dist-info/METADATA >"$dir/requirements.txt"
  step python3 -m venv "$dir/venv"
  step "$dir/venv/bin/pip" install --disable-pip-version-check -q -r "$dir/requirements.txt"
  local site
  site=$("$dir/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
  printf '%s\n' "$packages" >"$site/awscli.pth"
  printf '#!/bin/sh\nexec "%s/venv/bin/python" "%s/root/usr/bin/aws" "$@"\n' "$dir" "$dir" >"$aws"
  chmod +x "$aws"
}

if ! "$aws" --version >/dev/null 2>&1; then
  say "fetching Debian $suite's awscli into $dir"
  fetch
  install_needs
  "$aws" --version >&2
  rm -f "$dir/log"
fi
printf '%s\n' "$aws"
