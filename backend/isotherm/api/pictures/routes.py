"""The routes of backgrounds: list, view, make, upload, choose, delete."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from isotherm.api.http_errors import json_response
from isotherm.api.json_body import json_object, read
from isotherm.api.pictures.capture import CaptureIn
from isotherm.api.pictures.sized import SizedPictures
from isotherm.api.pictures.whole import whole_picture
from isotherm.api.selectors import selector_scope
from isotherm.api.services import Services
from isotherm.model import Background, Box
from isotherm.model.errors import Code, IsothermError
from isotherm.query.context import Ask
from isotherm.query.pictures import described, listed
from isotherm.query.questions.heat import Params

_FOREVER = "private, max-age=31536000, immutable"
"""A background never changes: a new picture has a new id."""

THUMBNAIL_PX = 384
WIDEST_PX = 16_384


def pictures_blueprint(services: Services) -> Blueprint:
    """Return the routes under /backgrounds and /jobs."""
    pictures = Blueprint("pictures", __name__)
    _add_reading(pictures, services)
    _add_making(pictures, services)
    return pictures


def _add_reading(pictures: Blueprint, services: Services) -> None:
    @pictures.get("/backgrounds")
    def backgrounds() -> Response:
        return json_response(_listed(services))

    @pictures.get("/backgrounds/<background_id>")
    def background(background_id: str) -> Response:
        found = services.backgrounds.get(background_id)
        return json_response({**(described(found) or {}), "boxes": _boxes(found)})

    @pictures.get("/backgrounds/<background_id>/boxes")
    def boxes(background_id: str) -> Response:
        return json_response({"boxes": _boxes(services.backgrounds.get(background_id))})

    sized = SizedPictures()
    _add_whole(pictures, services, sized)
    _add_strips(pictures, services, sized)


def _add_whole(pictures: Blueprint, services: Services, sized: SizedPictures) -> None:
    def strips_of(found: Background) -> Callable[[int], bytes]:
        return lambda number: services.backgrounds.tile(found.id, number)

    @pictures.get("/backgrounds/<background_id>/picture")
    def picture(background_id: str) -> Response:
        found, width = services.backgrounds.get(background_id), _asked_width()
        etag = f"{background_id}-whole-{width}"
        if response := _known(etag):
            return response
        if width:
            return _image(sized.whole(found, width, strips_of(found)), "image/webp", etag)
        data, kind = whole_picture(found, strips_of(found))
        return _image(data, kind, etag)

    @pictures.get("/backgrounds/<background_id>/thumbnail")
    def thumbnail(background_id: str) -> Response:
        found, width = services.backgrounds.get(background_id), _asked_width() or THUMBNAIL_PX
        etag = f"{background_id}-first-{width}"
        if response := _known(etag):
            return response
        return _image(sized.first_view(found, width, strips_of(found)), "image/webp", etag)


def _add_strips(pictures: Blueprint, services: Services, sized: SizedPictures) -> None:
    @pictures.get("/backgrounds/<background_id>/tiles/<int:number>")
    def tile(background_id: str, number: int) -> Response:
        found, width = services.backgrounds.get(background_id), _asked_width()
        if number >= len(found.tiles):
            raise IsothermError(Code.NOT_FOUND, f"The picture has no strip {number}")
        etag = f"{background_id}-{number}-{width}"
        if response := _known(etag):
            return response
        data = services.backgrounds.tile(background_id, number)
        if width:
            data = sized.strip(found, number, width, data)
        return _image(data, "image/webp", etag)


def _add_making(pictures: Blueprint, services: Services) -> None:
    @pictures.post("/backgrounds/capture")
    def capture() -> Response:
        asked: CaptureIn = read(json_object(request.get_data()), CaptureIn)
        if asked.url or asked.source == "url":
            job = services.maker.capture_url(
                asked.application,
                asked.page,
                asked.url,
                viewport_w=asked.viewport_w,
                viewport_h=asked.viewport_h,
                hide=asked.hide,
                click=asked.click,
            )
        else:
            job = services.maker.from_replays(asked.application, asked.page)
        return json_response({"job": job}, 202)

    @pictures.post("/backgrounds/upload")
    def upload() -> Response:
        request.max_content_length = services.options.max_upload_bytes
        picture = request.files.get("picture")
        if picture is None:
            raise IsothermError(Code.INVALID, "Send the picture as a file", field="picture")
        boxes = request.files.get("boxes")
        text = request.form.get("boxes", "").encode()
        made, tiles = services.upload(
            picture.read(),
            application=_form("application"),
            page=_form("page"),
            viewport_w=_form_width(),
            boxes=(boxes.read() if boxes else text) or None,
            shows=request.form.get("state", ""),
        )
        services.backgrounds.add(made, tiles)
        return json_response({"background": described(made)}, 201)

    @pictures.post("/backgrounds/<background_id>/pin")
    def pin(background_id: str) -> Response:
        wanted = json_object(request.get_data()).get("pinned", True)
        if not isinstance(wanted, bool):
            raise IsothermError(Code.INVALID, "pinned must be true or false", field="pinned")
        chosen = services.backgrounds.pin(background_id, pinned=wanted)
        return json_response({"background": described(chosen)})

    @pictures.delete("/backgrounds/<background_id>")
    def remove(background_id: str) -> Response:
        services.backgrounds.delete(background_id)
        return Response(status=204)

    @pictures.get("/jobs/<job_id>")
    def job(job_id: str) -> Response:
        return json_response(services.maker.job(job_id))


def _listed(services: Services) -> dict[str, Any]:
    scope = selector_scope(request.args)
    if len(scope.pages) != 1:
        raise IsothermError(Code.INVALID, "Choose a page", field="page")
    found, automatic = listed(Ask.about(scope, Params(), services.context()))
    rows = [{**(described(one.background) or {}), "coverage": one.coverage} for one in found]
    return {"backgrounds": rows, "automatic": automatic.id if automatic else None}


def _boxes(background: Background) -> dict[str, Any]:
    names = [name for name in Box.__struct_fields__ if name != "print"]  # of no use outside
    return {
        key: {name: getattr(box, name) for name in names} for key, box in background.boxes.items()
    }


def _asked_width() -> int:
    """Return the width asked for, in device px; 0 = as it is stored. Raises INVALID."""
    text = request.args.get("w", "")
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) <= WIDEST_PX):
        message = f"w must be a width in px, 1 to {WIDEST_PX}"
        raise IsothermError(Code.INVALID, message, field="w")
    return int(text)


def _known(etag: str) -> Response | None:
    if etag not in request.if_none_match:
        return None
    response = Response(status=304)
    response.set_etag(etag)
    response.headers["Cache-Control"] = _FOREVER
    return response


def _image(data: bytes, kind: str, etag: str) -> Response:
    response = Response(data, mimetype=kind)
    response.set_etag(etag)
    response.headers["Cache-Control"] = _FOREVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _form(name: str) -> str:
    text = request.form.get(name, "")
    if not text:
        raise IsothermError(Code.INVALID, f"{name} is missing", field=name)
    return text


def _form_width() -> int:
    text = _form("viewport_w")
    if not text.isdecimal() or len(text) > 6:
        raise IsothermError(Code.INVALID, "viewport_w must be a whole number", field="viewport_w")
    return int(text)
