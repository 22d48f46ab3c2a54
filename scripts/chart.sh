#!/usr/bin/env bash
# Builds Helm in .tools, brings Kubernetes' schemas there, and runs the tests of the chart.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/.tools
mkdir -p "$tools"
[ -x "$tools/helm" ] || GOBIN=$tools go install helm.sh/helm/v3/cmd/helm@v3.22.0
[ -d "$tools/schemas" ] || .venv/bin/python -m pip install --quiet --no-deps --target "$tools/schemas" \
  kubernetes-validate==1.37.0 importlib-resources==7.1.0
ISOTHERM_TEST_HELM=$tools/helm PYTHONPATH=$tools/schemas:$PWD .venv/bin/python -m pytest -q tests/charts "$@"
