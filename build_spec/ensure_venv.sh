#!/usr/bin/env bash
# Makes the virtual environment that the Makefile installs into: ensure_venv.sh PYTHON VENV
set -euo pipefail

python=$1
venv=$2

if [[ -z $python ]] || ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
    echo "Python 3.11 to 3.13 is needed; name one with: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi

# Debian keeps ensurepip in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    "$(dirname "$0")/system_packages.sh" venv
fi

# An environment whose interpreter is gone or has another version is of no use.
wanted=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
found=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true)
if [[ $wanted != "$found" ]]; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
