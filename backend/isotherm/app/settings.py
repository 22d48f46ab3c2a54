"""Every setting is one row here; values come from a TOML file, `ISOTHERM_*`, then flags."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isotherm.model.errors import Code, IsothermError

Value = str | int | float | bool | list[str] | None


@dataclass(frozen=True)
class Setting:
    """One row: the name in a file, its type, default, and the sentence for the documentation."""

    name: str
    kind: type
    default: Value
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return "ISOTHERM_" + self.name.upper()

    def parse(self, raw: object, where: str) -> Value:
        """Turn text (or a TOML value) into this setting's type; raise INVALID naming the place."""
        if self.kind is list:
            parts = raw if isinstance(raw, list) else str(raw).split(",")
            return [str(part).strip() for part in parts if str(part).strip()]
        if self.kind is bool:
            text = str(raw).strip().lower()
            if text in {"1", "true", "yes", "on"}:
                return True
            if text in {"0", "false", "no", "off"}:
                return False
        elif self.kind is str:
            return str(raw)
        else:
            try:
                number: Value = self.kind(str(raw))
            except ValueError:
                pass
            else:
                return number
        message = f"{where}: {self.name} must be a {self.kind.__name__}, not {str(raw)!r}"
        raise IsothermError(Code.INVALID, message, field=self.name)


ROWS: tuple[Setting, ...] = (
    Setting("data", str, "data", "Folder of everything Isotherm keeps: spool, store, pictures."),
    Setting("host", str, "127.0.0.1", "Address to listen on; beyond loopback a token is required."),
    Setting("port", int, 8420, "Port to listen on."),
    Setting("threads", int, 16, "Threads that answer requests."),
    Setting("start_s", float, 60.0, "Seconds until the server must answer after its start."),
    Setting("token", str, "", "Bearer token that the API asks for.", secret=True),
    Setting("allow_origins", list, ["*"], "Origins whose pages may send events."),
    Setting("trusted_proxies", list, [], "Addresses whose X-Forwarded-For is believed."),
    Setting(
        "intake_tokens", list, [], "application=token pairs; empty: anyone may send.", secret=True
    ),
    Setting("keep_bots", bool, False, "Keep sessions of synthetic tests and robots."),
    Setting("max_body_mb", int, 16, "Largest request body of the intake, before inflating."),
    Setting("max_inflated_mb", int, 64, "Largest request body of the intake, after inflating."),
    Setting("body_s", float, 20.0, "Seconds that a request's body may take; large ones get more."),
    Setting("page_rules", str, "", "TOML file with rules that group URLs into pages."),
    Setting("geo_database", str, "", "MaxMind-format file for country and city."),
    Setting("spool_quota_mb", int, 2048, "Room for events that the store has not taken yet."),
    Setting("settle_s", float, 2.0, "Quiet time before a session's recording is read."),
    Setting("readers", int, 1, "Processes that read recordings; one for every two processors."),
    Setting("read_limit_s", float, 30.0, "Processor time that reading one recording may take."),
    Setting("read_memory_mb", int, 1024, "Memory that a process reading recordings may take."),
    Setting(
        "read_most_mb", int, 128, "Largest recording that is read, unpacked; a larger one is not."
    ),
    Setting("retention_days", int, 0, "Days that events are kept; 0: for ever."),
    Setting(
        "detail_retention_days",
        int,
        30,
        "Days that requests, long tasks and vitals are kept; 0: for ever.",
    ),
    Setting("replay_retention_days", int, 30, "Days that replays are kept; 0: for ever."),
    Setting("replays_url", str, "", "fsspec URL of the replay bodies; empty: in the data folder."),
    Setting("pictures_url", str, "", "fsspec URL of the page pictures; empty: in the data folder."),
    Setting(
        "database_url", str, "", "SQLAlchemy URL of saved things; empty: SQLite in the data folder."
    ),
    Setting("engine_memory_mb", int, 2048, "Memory that the embedded engine may use."),
    Setting(
        "page_memory_mb",
        int,
        256,
        "Memory for the pages asked for lately, about 30 bytes per action; 0: none is kept.",
    ),
    Setting("rage_clicks", int, 3, "Clicks that make a rage chain, for senders without signals."),
    Setting("rage_window_ms", int, 1000, "Time within which they must fall."),
    Setting("rage_distance_px", int, 100, "Largest distance between two of them."),
    Setting("dead_after_ms", int, 100, "A click without any reaction for this long is dead."),
    Setting("application_names", list, [], "id=name pairs: what an application is called."),
    Setting("ignore_rage", list, [], "Element keys whose rage is not counted (carousels)."),
    Setting("capture", bool, True, "Make page pictures from replays by themselves."),
    Setting("chromium", str, "", "Path of Chromium; empty: looked for on this machine."),
    Setting(
        "capture_hosts", list, [], "Hosts that pictures may be captured from, host or host:port."
    ),
    Setting("sheet_hosts", list, [], "Hosts that style sheets missing in a replay may come from."),
    Setting("capture_hide", list, [], "Selectors taken away before a capture (cookie banners)."),
    Setting("capture_click", list, [], "Selectors clicked before a capture (accept cookies)."),
    Setting("backgrounds_per_page", int, 6, "Pictures kept per page and width band."),
    Setting(
        "background_max_age_days", int, 7, "Age after which a newer replay makes a new picture."
    ),
    Setting("picture_processes", int, 1, "Processes that make pictures, beside a slow lane's one."),
    Setting("picture_visit_s", float, 15.0, "Seconds for the pictures of one visit; then slowly."),
    Setting("picture_session_s", float, 60.0, "Seconds for those of all visits of a session."),
    Setting("picture_slow_times", float, 8.0, "So many times as long has the one slow try."),
    Setting("picture_memory_mb", int, 2048, "Memory of one picture process and its browser."),
    Setting("influx_url", str, "", "InfluxDB address; empty: the embedded store is the store."),
    Setting("influx_version", str, "auto", "1, 2, 3 or auto."),
    Setting("influx_token", str, "", "Token (2.x, 3.x) or user:password (1.x).", secret=True),
    Setting("influx_ca", str, "", "PEM file of the authority behind its certificate."),
    Setting("influx_org", str, "", "Organisation (2.x)."),
    Setting("influx_database", str, "isotherm", "Database (1.x, 3.x) or bucket (2.x)."),
    Setting("influx_retention", str, "", "Retention set when the database is created, like 90d."),
    Setting("influx_mapping", str, "", "TOML file that maps others' measurements."),
    Setting("influx_reconcile_s", float, 30.0, "How often journal and engine are compared."),
    Setting("public_url", str, "", "Address under which people reach this server, for links."),
    Setting("grafana_url", str, "", "Grafana that `isotherm provision` and links go to."),
    Setting("grafana_token", str, "", "Service account token for that Grafana.", secret=True),
    Setting("log_level", str, "info", "debug, info, warning or error."),
)
BY_NAME: Mapping[str, Setting] = {row.name: row for row in ROWS}


@dataclass(frozen=True)
class Settings:
    """The values in force, read by attribute: `settings.port`."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        row = BY_NAME.get(name)
        if row is None:
            raise AttributeError(name)
        return self.values.get(name, row.default)

    def having(self, **values: Value) -> "Settings":
        """Return the same settings but for these."""
        return Settings({**self.values, **values})

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data)


def load(
    environ: Mapping[str, str], file: Path | None = None, flags: Mapping[str, object] | None = None
) -> Settings:
    """Read the settings; later sources win. Raises INVALID that names the row and the place."""
    values: dict[str, Value] = {}
    if file is not None:
        values |= {name: _row(name, str(file)).parse(raw, str(file)) for name, raw in _toml(file)}
    known = {row.variable: row for row in ROWS}
    for variable, raw in environ.items():
        if variable in known:
            values[known[variable].name] = known[variable].parse(raw, variable)
    for name, flag in (flags or {}).items():
        if flag is not None:
            values[name] = _row(name, "flags").parse(flag, f"--{name}")
    return Settings(values)


def _toml(file: Path) -> list[tuple[str, object]]:
    try:
        return list(tomllib.loads(file.read_text(encoding="utf-8")).items())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise IsothermError(
            Code.INVALID, f"The settings file {file} cannot be read: {error}"
        ) from error


def _row(name: str, where: str) -> Setting:
    if name in BY_NAME:
        return BY_NAME[name]
    message = f"{where}: there is no setting {name!r}; see docs/settings.md"
    raise IsothermError(Code.INVALID, message, field=name)


def table() -> str:
    """Return the Markdown table of docs/settings.md (a test keeps it in step)."""
    lines = ["| setting | variable | default | what it does |", "|---|---|---|---|"]
    for row in ROWS:
        default = ", ".join(row.default) if isinstance(row.default, list) else row.default
        secret = " Secret." if row.secret else ""
        lines.append(f"| `{row.name}` | `{row.variable}` | `{default}` | {row.help}{secret} |")
    return "\n".join(lines) + "\n"
