#!/usr/bin/env bash
# Make sure that this machine has the programs that `make run` or `make test` need.
# As root on Debian/Ubuntu they are installed; else this says what to install.
set -euo pipefail
purpose=${1:?run or test}

fail() {
  echo "isotherm: $1" >&2
  exit 1
}

missing=()
need() { # need COMMAND PACKAGE: any of the commands (split by |) will do
  local IFS='|'
  for command in $1; do command -v "$command" >/dev/null 2>&1 && return; done
  missing+=("$2")
}
need_font() { fc-list 2>/dev/null | grep -qi "$1" || missing+=("$2"); }

need python3 python3
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
# Pictures of pages are rendered by Chromium with fonts that cover most sites.
need 'chromium|chromium-browser|google-chrome' chromium
# The browser driver brings a Node.js that needs it.
python3 -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null || missing+=(libatomic1)
need fc-list fontconfig
need_font Liberation fonts-liberation
need_font DejaVu fonts-dejavu-core
if [ "$purpose" = test ]; then
  need influxd influxdb
  need '/usr/lib/postgresql/*/bin/initdb|initdb' postgresql
fi

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || fail "please install: ${missing[*]}"
  [ "$(id -u)" = 0 ] || fail "please run: sudo apt-get install ${missing[*]}"
  echo "isotherm: installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail 'Python 3.11 or newer is needed'
command -v node >/dev/null || fail 'Node.js 20 or newer is needed (package nodejs, or your version manager)'
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || fail 'Node.js 20 or newer is needed'
if [ "$purpose" = test ]; then
  command -v go >/dev/null || fail 'Go 1.24 or newer is needed'
fi
