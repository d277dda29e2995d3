#!/bin/sh
# Print the path of uv, the tool that installs what uv.lock lists. Installs it into .uv/ when the machine has none.
# Needs only Python 3.11 or newer; works without the venv module (Debian parts it from python3) and without pip.
set -eu
cd "$(dirname "$0")/.."
version=0.13.9
say() { echo "uv.sh: $*" >&2; }

if [ -x .uv/bin/uv ]; then
    echo "$PWD/.uv/bin/uv"
    exit 0
fi
if found=$(command -v uv 2>/dev/null) && "$found" --version >/dev/null 2>&1; then
    echo "$found"
    exit 0
fi

python=
for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "found no Python 3.11 or newer on PATH; install one (Debian: apt-get install python3) and run again"
    exit 2
fi

say "installing uv $version into .uv/ (25 MB, once)"
rm -rf .uv
if "$python" -m venv .uv >/dev/null 2>&1 && .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$version" >&2; then
    :
elif rm -rf .uv && "$python" -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .uv "uv==$version" >&2; then
    :
else
    rm -rf .uv
    say "could not install uv with $python, see above: it needs the venv module or pip (Debian: apt-get install python3-venv),"
    say "and the network. Or put a uv of your own on PATH, and run again"
    exit 2
fi
echo "$PWD/.uv/bin/uv"
