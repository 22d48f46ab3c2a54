"""`isotherm doctor`: checks every component and says how to fix what it finds."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

import click
import msgspec
import requests
from rich.console import Console
from rich.markup import escape

from isotherm.app.cli.dead import quarantine_of
from isotherm.app.cli.options import setting_flags, settings_for
from isotherm.app.cli.server import refusal, server_url
from isotherm.app.package_options import intake_options, keep_apart, render_options
from isotherm.app.settings import Settings
from isotherm.app.stores import ENGINE_FILE, journal_of, kind_of_store, open_store
from isotherm.app.wiring import LOOPBACK
from isotherm.model.errors import IsothermError
from isotherm.pipeline.backup import PICTURES, REPLAYS
from isotherm.pipeline.dead_letters import DeadLetters
from isotherm.pipeline.processes.slot_files import SPOOL
from isotherm.pipeline.quarantine import QuarantineCounts, Stage
from isotherm.pipeline.spool import DEAD_LETTERS
from isotherm.render.process import find_chromium
from isotherm.storage.duckdb.engine import DuckDBEngine
from isotherm.storage.files import Files, shown
from isotherm.storage.influxdb.reconcile import Progress
from isotherm.storage.saved import db
from isotherm.storage.saved.db import open_database

FREE_MB = 1024
TIMEOUT_S = 5


class Finding(NamedTuple):
    """The result of one check; `cure` is empty if there is nothing to do."""

    what: str
    state: str
    cure: str = ""


def settings_are_sound(settings: Settings) -> Iterator[Finding]:
    """Check what does not need to open anything."""
    intake_options(settings)
    keep_apart(settings)
    yield Finding("settings", "can be used")
    if settings.host not in LOOPBACK and not settings.token:
        yield Finding("token", "none is set", "Set ISOTHERM_TOKEN: others can reach this address.")


def disk_has_space(settings: Settings) -> Iterator[Finding]:
    """Check the disk under the data folder."""
    folder = settings.folder if settings.folder.exists() else settings.folder.absolute().parent
    free_mb = shutil.disk_usage(folder).free >> 20
    cure = "" if free_mb > FREE_MB else "Free some room, or move the data folder."
    yield Finding("disk", f"{free_mb:,} MB free", cure)


def server_answers(settings: Settings) -> Iterator[Finding]:
    """Ask the running server how it is; without one, look at its files."""
    url = f"{server_url(settings)}/api/v1/status"
    headers = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
    try:
        answer = requests.get(url, headers=headers, timeout=TIMEOUT_S)
    except requests.RequestException:
        yield Finding("server", "not running", "Start it: isotherm serve")
        yield from files_are_sound(settings)
        return
    if answer.status_code == requests.codes.unauthorized:
        yield Finding("server", "refuses our token", "Set ISOTHERM_TOKEN to the server's token.")
        return
    if not answer.ok:
        yield Finding("server", f"answers {answer.status_code}", refusal(answer))
        return
    state = answer.json()
    counts = state["intake"]
    yield Finding("server", f"running, version {state['version']}")
    yield from _journal_of_server(state["store"])
    connect = 'Point an SDK at this server: see "Connect your site" in the README.'
    cure = "" if counts["received"] else connect
    yield Finding("intake", f"{counts['received']:,} events since the start", cure)
    if "processes" in state:
        yield of_processes(state["processes"])
    worker = state["worker"]
    yield Finding("worker", f"{worker['pending']:,} events wait", worker["last_error"])
    readers = state["readers"]
    yield Finding("readers", f"{readers['due']:,} recordings wait", readers["last_error"])
    yield _dead(state["spool"]["dead"])
    yield from _quarantined(msgspec.convert(state["quarantine"], dict[Stage, QuarantineCounts]))


def of_processes(state: dict[str, Any]) -> Finding:
    """Say how many processes run, and which of them does the housekeeping."""
    running, wanted = state["running"], state["wanted"]
    house = [one["pid"] for one in running if one["keeps_house"]]
    text = f"{len(running)} of {wanted} run"
    if house:
        text += f"; process {house[0]} does the housekeeping"
    elif state["kept_elsewhere"]:
        text += "; another server on this data folder does the housekeeping"
    missing = len(running) < wanted or not (house or state["kept_elsewhere"])
    return Finding("processes", text, "Look at the server's log." if missing else "")


def _journal_of_server(store: dict[str, Any]) -> Iterator[Finding]:
    """Say how far the server is with InfluxDB, and since when it is in trouble."""
    if store["kind"] != "influxdb":
        return
    progress = msgspec.convert(store["progress"], Progress)
    health = progress.journal
    if health.state == "ok":
        cure = "Report it with the details in the server's log. The next comparison tries again."
        yield Finding("store", progress.text, cure if progress.fault else "")
    else:
        since = datetime.fromtimestamp((health.since_ms or 0) / 1000, UTC)
        yield Finding(
            "store", f"stale since {since:%Y-%m-%d %H:%M} UTC: {health.why}", health.what_to_do
        )
    if progress.engine_only_hours:
        hours = f"{progress.engine_only_hours:,} hours are in the engine but not in InfluxDB"
        yield Finding("store", hours, "Copy them there: isotherm move")


def files_are_sound(settings: Settings) -> Iterator[Finding]:
    """Open the engine's file, when no server has it."""
    if settings.store:
        with closing(open_store(settings)):
            title = kind_of_store(settings.store).title
            yield Finding("store", f"{title} answers, and its tables are of this release")
        yield _dead(DeadLetters(settings.folder / SPOOL / DEAD_LETTERS).count)
        yield from _quarantined(quarantine_of(settings).counts())
        return
    path = settings.folder / ENGINE_FILE
    if not path.exists():
        yield Finding("store", "empty", "Load the demo: isotherm demo")
        return
    with closing(DuckDBEngine(path)):
        yield Finding("store", f"{path.stat().st_size >> 20:,} MB, can be opened")
    yield _dead(DeadLetters(settings.folder / SPOOL / DEAD_LETTERS).count)
    yield from _quarantined(quarantine_of(settings).counts())


def _dead(count: int) -> Finding:
    cure = "See why: isotherm dead list; then: isotherm dead retry" if count else ""
    return Finding("dead letters", f"{count:,}", cure)


def _quarantined(counts: Mapping[Stage, QuarantineCounts]) -> Iterator[Finding]:
    """Say how many recordings are in quarantine, and what nobody counts because of it."""
    for stage, counted in counts.items():
        state = f"{counted.recordings:,} in quarantine"
        if counted.events:
            state += f", {counted.events:,} events of them are not counted"
        cure = (
            "See why: isotherm dead list; then: isotherm dead retry" if counted.recordings else ""
        )
        yield Finding(f"recordings, {stage}", state, cure)


def saved_things_answer(settings: Settings) -> Iterator[Finding]:
    """Check the database of saved things, when it is not the data folder's own file."""
    if settings.saved:
        open_database(settings.saved, settings.folder).dispose()
        where = db.shown(settings.saved)
        yield Finding("saved things", f"{where} answers, and its tables are of this release")


def objects_can_be_written(settings: Settings) -> Iterator[Finding]:
    """Write, read and remove a file where recordings and pictures are, if that is elsewhere."""
    for url, what in ((settings.replays_url, "recordings"), (settings.pictures_url, "pictures")):
        files = Files(url, what.capitalize()) if url else None
        if files is None or files.is_local:
            continue
        name = f"doctor-{secrets.token_hex(8)}"
        try:
            files.write({name: b"doctor"}, makes_bucket=False)  # the name may be a wrong one
        except FileNotFoundError:
            cure = "Check the name. If it is right, create it, or let the server do so if it may."
            yield Finding(what, f"there is no bucket for {shown(url)}", cure)
            continue
        files.read(name)
        files.remove([name])
        yield Finding(what, f"{shown(url)} can be written and read")
        versions = files.keeps_versions()
        if versions is None:
            yield Finding(what, "the bucket does not let us ask whether it keeps versions: look")
        if versions:
            cure = "Turn versioning off, or let a lifecycle rule delete earlier versions."
            yield Finding(what, "the bucket keeps earlier versions of what is erased", cure)


def nothing_is_left_behind(settings: Settings) -> Iterator[Finding]:
    """Look for what was copied elsewhere and is still in the data folder."""
    moved = {
        ENGINE_FILE: settings.store,
        db.FILE: settings.saved,
        REPLAYS: settings.replays_url,
        PICTURES: settings.pictures_url,
    }
    for name, elsewhere in moved.items():
        here = settings.folder / name
        if elsewhere and (here.is_file() or any(here.glob("*"))):
            state = f"{here} is still there; erasure and retention no longer reach it"
            yield Finding("data folder", state, "Delete it once all is right in the new place.")


def chromium_is_there(settings: Settings) -> Iterator[Finding]:
    """Check what pictures need."""
    path, missing = find_chromium(render_options(settings))
    yield Finding("chromium", path or "cannot be used", missing)


def journal_answers(settings: Settings) -> Iterator[Finding]:
    """Check InfluxDB, when it is configured."""
    journal = journal_of(settings)
    if journal is None:
        yield Finding("journal", "none: the embedded store keeps the events")
        return
    with closing(journal):
        journal.try_rights()
        message = f"InfluxDB at {settings.influx_url} answers, and its token may read and write"
        yield Finding("journal", message)


def grafana_answers(settings: Settings) -> Iterator[Finding]:
    """Check Grafana, when it is configured."""
    if not settings.grafana_url:
        return
    answer = requests.get(settings.grafana_url.rstrip("/") + "/api/health", timeout=TIMEOUT_S)
    yield Finding("grafana", f"version {answer.json().get('version', 'unknown')}")


CHECKS: dict[str, Callable[[Settings], Iterator[Finding]]] = {
    "settings": settings_are_sound,
    "disk": disk_has_space,
    "saved things": saved_things_answer,
    "objects": objects_can_be_written,
    "left behind": nothing_is_left_behind,
    "server": server_answers,
    "chromium": chromium_is_there,
    "journal": journal_answers,
    "grafana": grafana_answers,
}


@click.command("doctor")
@setting_flags("data", "host", "port", "token")
@click.pass_context
def command(context: click.Context, /, **flags: Any) -> None:
    """Check settings, store, journal, Chromium and Grafana; end with 1 when something is wrong."""
    console = Console(highlight=False, soft_wrap=True)  # a command stays in one line
    settings = settings_for(context, flags)
    sick = False
    for name, check in CHECKS.items():
        for finding in _examined(name, check, settings):
            sick |= bool(finding.cure)
            sign = "[red]✗[/]" if finding.cure else "[green]✓[/]"
            console.print(f"{sign} {finding.what}: {escape(finding.state)}")
            if finding.cure:
                console.print(f"  → {escape(finding.cure)}")
    context.exit(1 if sick else 0)


def _examined(
    name: str, check: Callable[[Settings], Iterator[Finding]], settings: Settings
) -> Iterator[Finding]:
    """Yield the findings of a check; an error is a finding, too."""
    try:
        yield from check(settings)
    except IsothermError as error:
        yield Finding(name, "does not work", error.message)
    except (OSError, ValueError) as error:
        yield Finding(name, "does not answer", str(error))
