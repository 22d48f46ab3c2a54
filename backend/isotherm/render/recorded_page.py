"""Builds recorded documents in a sealed page, one scene after the other."""

import msgspec

from isotherm.render.browser import Chromium, blank_page
from isotherm.render.measured import grow_shell, measure, pictured, places
from isotherm.render.messages import Layout, Render, Scene, Start
from isotherm.render.world import BUILDER, World


class _Doctype(msgspec.Struct):
    doctype: str | None = None


def render(chromium: Chromium, request: Render, start: Start) -> tuple[Layout, ...]:
    """Return the layout of each scene, with pictures where a scene asks for one."""
    layouts = []
    with chromium.context(request.scenes[0]) as context:
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        for scene in request.scenes:
            page.set_viewport_size({"width": scene.viewport_w, "height": scene.viewport_h})
            blank_page(page, msgspec.json.decode(scene.page, type=_Doctype).doctype)
            world = World(page, cdp)
            notes = _build(world, scene)
            anchors = places(world, scene.points) if scene.points else {}
            if grow_shell(page, world, start.max_height_px):
                notes.append("an app shell, pictured with its main scroller opened")
            layout = measure(world, scene.targets, start.max_height_px)
            layout = msgspec.structs.replace(layout, anchors=anchors, notes=(*notes, *layout.notes))
            layouts.append(pictured(cdp, layout, start.tile_px) if scene.picture else layout)
    return tuple(layouts)


def _build(world: World, scene: Scene) -> list[str]:
    asked = {
        "page": msgspec.Raw(scene.page),
        "control_font": scene.control_font,
        "mobile": scene.mobile,
    }
    count = world.call(BUILDER, msgspec.json.encode(asked).decode())
    notes = []
    if count["missing_sheets"]:
        notes.append(f"{count['missing_sheets']} of {count['sheets']} style sheets missing")
    if count["masked"] * 2 > count["texts"]:
        notes.append("text is masked, so widths may differ")
    if count["too_deep"]:
        notes.append(f"{count['too_deep']} elements nested too deep were left out")
    return notes
