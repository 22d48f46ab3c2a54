#!/usr/bin/env bash
# Known vulnerabilities and licences of what Isotherm is built from. A service that cannot be reached is named, and counts as a failure.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

step() { # step NAME COMMAND...: run a check and remember whether it failed
	echo "== $1"
	"${@:2}" || failed+=("$1")
}

step "Python: known vulnerabilities" .venv/bin/python -m pip_audit --require-hashes --disable-pip -r requirements.lock
step "npm: known vulnerabilities" npm --prefix grafana-plugin audit --omit=dev
step "Go: known vulnerabilities" go -C grafana-plugin run golang.org/x/vuln/cmd/govulncheck@v1.1.4 ./pkg/...
step "Python: licences" .venv/bin/python scripts/licences.py requirements.lock

[ ${#failed[@]} = 0 ] && echo "all checks passed" && exit 0
printf 'failed: %s\n' "${failed[@]}"
exit 1
