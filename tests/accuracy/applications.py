"""Applications that nobody here wrote, from npm and PyPI; ours is at most what starts them."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.accuracy.corpus import HERE, PACKAGES, Site
from tests.accuracy.senders import bundle

APPS = HERE / "apps"
ROOT = HERE.parents[1]


def applications() -> dict[str, Site]:
    """Return the applications by name."""
    swagger = PACKAGES / "swagger-ui-dist"
    excalidraw = PACKAGES / "@excalidraw/excalidraw/dist/prod"
    sites = (
        Site(
            "swagger-ui",
            (swagger,),
            {"swagger-initializer.js": _swagger_start, "shop.json": _shop},
        ),
        Site(
            "redoc",
            (PACKAGES / "redoc/bundles",),
            {
                "shop.json": _shop,
                "index.html": lambda: _page(
                    '<redoc spec-url="shop.json"></redoc>'
                    '<script src="redoc.standalone.js"></script>'
                ),
            },
        ),
        Site("mkdocs-material", made=_Documentation(), entry="features.html"),
        Site("sb-admin", (PACKAGES / "startbootstrap-sb-admin-2",)),
        _bundled("mui", "mui.jsx"),
        _bundled("ag-grid", "grid.js", style="#root{height:600px;margin:20px}"),
        _bundled("quill", "quill.js", (PACKAGES / "quill/dist/quill.snow.css",)),
        _bundled("excalidraw", "excalidraw.jsx", (excalidraw / "index.css",), "body{margin:0}"),
    )
    return {site.name: site for site in sites}


def _bundled(name: str, entry: str, sheets: tuple[Path, ...] = (), style: str = "") -> Site:
    links = "".join(f'<link rel="stylesheet" href="{sheet.name}">' for sheet in sheets)
    body = f'{links}<style>{style}</style><div id="root"></div><script src="app.js"></script>'
    made = {"index.html": lambda: _page(body), "app.js": cache(lambda: bundle(APPS / entry))}
    made |= {sheet.name: sheet.read_bytes for sheet in sheets}
    folders = tuple({sheet.parent for sheet in sheets})
    return Site(name, folders, made)


def _page(body: str) -> bytes:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def _shop() -> bytes:
    return (APPS / "shop.json").read_bytes()


def _swagger_start() -> bytes:
    return (
        b'window.onload=()=>{window.ui=SwaggerUIBundle({url:"shop.json",dom_id:"#swagger-ui",'
        b'presets:[SwaggerUIBundle.presets.apis,SwaggerUIStandalonePreset],layout:"StandaloneLayout"})}'
    )


class _Documentation(dict[str, Callable[[], bytes]]):
    """The files of this repository's documentation, built by mkdocs-material when first asked."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (built() / path).is_file()

    def __getitem__(self, path: str) -> Callable[[], bytes]:
        return (built() / path).read_bytes


@cache
def built() -> Path:
    """Build the documentation; return its folder."""
    root = Path(tempfile.mkdtemp(prefix="isotherm-docs-"))
    config = (
        "site_name: Isotherm\nuse_directory_urls: false\n"
        f"docs_dir: {ROOT / 'docs'}\nsite_dir: {root / 'site'}\n"
        "theme:\n  name: material\n  font: false\n"
        "  features: [navigation.tabs, navigation.top, toc.follow, content.code.copy]\n"
    )
    (root / "mkdocs.yml").write_text(config, "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(root / "mkdocs.yml")]
    subprocess.run(command, check=True, capture_output=True)
    return root / "site"
