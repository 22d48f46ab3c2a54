"""The routes of saved heatmaps and of shared snapshots."""

from typing import Any

from flask import Blueprint, Response, request
from msgspec import Struct

from isotherm.api.author import author
from isotherm.api.http_errors import json_response
from isotherm.api.json_body import json_object, read
from isotherm.api.services import Services
from isotherm.api.sharing.address import read_address
from isotherm.api.sharing.freezing import freeze
from isotherm.api.sharing.limiter import PasswordLimiter
from isotherm.model.errors import Code, IsothermError
from isotherm.storage.saved.heatmaps import NewHeatmap
from isotherm.storage.saved.shares import Validity, check_how

PASSWORD_HEADER = "X-Isotherm-Password"  # noqa: S105 - the name of a header


class ShareIn(Struct, frozen=True):
    """How to share a saved heatmap."""

    validity: Validity = "1d"
    password: str = ""
    time_locked: bool = True
    author: str = ""


class NameIn(Struct, frozen=True):
    """A saved heatmap's new name."""

    name: str


def library_blueprint(services: Services) -> Blueprint:
    """Return the routes under /heatmaps and /shares."""
    library = Blueprint("library", __name__)
    _add_heatmaps(library, services)
    _add_shares(library, services)
    return library


def _add_heatmaps(library: Blueprint, services: Services) -> None:
    saved = services.heatmaps

    @library.get("/heatmaps")
    def heatmaps() -> Response:
        return json_response({"heatmaps": saved.all()})

    @library.post("/heatmaps")
    def save() -> Response:
        given = json_object(request.get_data())
        who = author(request.headers, given, services.options)
        new: NewHeatmap = read({**given, "author": who}, NewHeatmap)
        read_address(new.address)  # what cannot be asked cannot be saved
        return json_response({"heatmap": saved.add(new, services.clock_ms())}, 201)

    @library.get("/heatmaps/<heatmap_id>")
    def heatmap(heatmap_id: str) -> Response:
        return json_response({"heatmap": saved.get(heatmap_id)})

    @library.delete("/heatmaps/<heatmap_id>")
    def remove(heatmap_id: str) -> Response:
        saved.delete(heatmap_id, services.clock_ms())
        return Response(status=204)

    @library.post("/heatmaps/<heatmap_id>/restore")
    def restore(heatmap_id: str) -> Response:
        return json_response({"heatmap": saved.restore(heatmap_id)})

    @library.post("/heatmaps/<heatmap_id>/rename")
    def rename(heatmap_id: str) -> Response:
        asked: NameIn = read(json_object(request.get_data()), NameIn)
        return json_response({"heatmap": saved.rename(heatmap_id, asked.name)})

    @library.post("/heatmaps/<heatmap_id>/opened")
    def opened(heatmap_id: str) -> Response:
        saved.opened(heatmap_id, services.clock_ms())
        return json_response({"heatmap": saved.get(heatmap_id)})


def _add_shares(library: Blueprint, services: Services) -> None:
    @library.post("/heatmaps/<heatmap_id>/share")
    def share(heatmap_id: str) -> Response:
        given = json_object(request.get_data())
        asked: ShareIn = read(given, ShareIn)
        check_how(asked.validity, asked.password)
        heatmap = services.heatmaps.get(heatmap_id)
        snapshot, tiles = freeze(
            services, heatmap, services.clock_ms(), time_locked=asked.time_locked
        )
        made, token = services.shares.add(
            heatmap_id,
            snapshot,
            tiles,
            author=author(request.headers, given, services.options),
            validity=asked.validity,
            password=asked.password,
        )
        public = services.options.public_url
        url = f"{public}/s/{token}" if public else f"s/{token}"
        return json_response({"share": made, "url": url}, 201)

    @library.get("/shares")
    def shares() -> Response:
        return json_response({"shares": services.shares.all(services.clock_ms())})

    @library.delete("/shares/<share_id>")
    def revoke(share_id: str) -> Response:
        services.shares.revoke(share_id)
        return Response(status=204)


def snapshots_blueprint(services: Services) -> Blueprint:
    """Return the routes under /s: open to whoever knows the address."""
    snapshots = Blueprint("snapshots", __name__, url_prefix="/s")
    limiter = services.passwords
    snapshots.after_request(_unseen)

    @snapshots.route("/<token>/data", methods=["GET", "POST"])
    def data(token: str) -> Response:
        return json_response(_guarded(limiter, services, token, None))

    @snapshots.get("/<token>/tiles/<int:number>")
    def tile(token: str, number: int) -> Response:
        return Response(_guarded(limiter, services, token, number), mimetype="image/webp")

    return snapshots


def _guarded(limiter: PasswordLimiter, services: Services, token: str, number: int | None) -> Any:
    """Return the snapshot, or a strip of its picture, to whoever has the password."""
    password, now_ms = _password(), services.clock_ms()
    attempt = limiter.begin(token, password) if password else ""
    wrong = False
    try:
        if number is None:
            return services.shares.open(token, password, now_ms)
        return services.shares.tile(token, password, number, now_ms)
    except IsothermError as error:
        wrong = error.code is Code.UNAUTHORISED
        raise
    finally:
        if attempt:
            limiter.end(attempt, wrong=wrong)


def _password() -> str:
    given = request.headers.get(PASSWORD_HEADER, "")
    if not given and request.method == "POST":
        given = json_object(request.get_data()).get("password", "")
    if not isinstance(given, str):
        raise IsothermError(Code.INVALID, "password must be a text", field="password")
    return given


def _unseen(response: Response) -> Response:
    """Keep a snapshot out of caches, search engines and other sites' logs."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
