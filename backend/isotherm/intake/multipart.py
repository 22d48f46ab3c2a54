"""Reads the parts of a multipart/form-data body, in memory and within limits."""

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from isotherm.intake.bodies import Limits
from isotherm.model.errors import Code, IsothermError

PARTS_MAX = 64


def read_parts(body: bytes, content_type: str, limits: Limits) -> dict[str, bytes]:
    """Return the bytes of each part by its name. Raises INVALID or TOO_LARGE with the problem."""
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        message = "A replay must be multipart/form-data with a boundary in its content type"
        raise IsothermError(Code.UNSUPPORTED, message)
    decoder = MultipartDecoder(
        boundary.encode("latin-1", "replace"),
        max_form_memory_size=limits.body_bytes,
        max_parts=PARTS_MAX,
    )
    decoder.receive_data(body)
    decoder.receive_data(None)
    parts: dict[str, bytearray] = {}
    name = ""
    try:
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                name = event.name or ""
                parts[name] = bytearray()
            elif isinstance(event, Data):
                parts[name] += event.data
    except RequestEntityTooLarge as error:
        message = f"The multipart body has more than {PARTS_MAX} parts or too large ones"
        raise IsothermError(Code.TOO_LARGE, message) from error
    except (ValueError, KeyError) as error:
        message = f"The multipart body is damaged: {error}"
        raise IsothermError(Code.INVALID, message) from error
    return {key: bytes(value) for key, value in parts.items()}
