#!/usr/bin/env bash
# Build what is given to others, into dist/: the plugin's zip for six platforms, and the Python wheel.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
id=isotherm-heatmap-app
version=$($python -c 'import isotherm; print(isotherm.__version__)')
mkdir -p dist

(
  cd grafana-plugin
  rm -rf dist
  npm run --silent build:standalone
  npm run --silent build
  for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
    echo "isotherm: building the plugin's process for $platform"
    go tool mage build:custom "${platform%/*}" "${platform#*/}"
  done
  go tool mage build:generateManifestFile
)

# Grafana wants one folder in the zip, named like the plugin; make_archive keeps the executable bits.
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -r grafana-plugin/dist "$staging/$id"
$python - "$staging" "dist/$id-$version" "$id" <<'PY'
import shutil
import sys

root, name, folder = sys.argv[1:]
print(shutil.make_archive(name, "zip", root, folder))
PY

$python -m pip wheel --quiet --no-deps --wheel-dir dist .
# What `isotherm provision` and the page at / need must be inside.
$python - dist/isotherm-"$version"-*.whl <<'PY'
import sys
import zipfile
from pathlib import Path

inside = set(zipfile.ZipFile(sys.argv[1]).namelist())
wanted = [*Path("dashboards").glob("*.json"), *Path("provisioning").rglob("*.yaml")]
missing = [file for file in wanted if f"isotherm/grafana/{file}" not in inside]
missing += [name for name in ("isotherm/static/index.html",) if name not in inside]
if missing:
    sys.exit(f"the wheel lacks {', '.join(map(str, missing))}")
PY
ls -l dist
