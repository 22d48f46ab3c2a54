"""The table of settings. Values come from a TOML file, then `ISOTHERM_*`, then flags."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isotherm.intake.privacy import PRIVATE
from isotherm.model.errors import Code, IsothermError

Value = str | int | float | bool | list[str] | None


@dataclass(frozen=True)
class Setting:
    """One row. `former` is an older name that files and the environment may still use."""

    name: str
    kind: type
    default: Value
    help: str
    secret: bool = False
    former: str = ""

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return "ISOTHERM_" + self.name.upper()

    def parse(self, raw: object, where: str) -> Value:
        """Convert text or a TOML value to this setting's type. Raises INVALID, naming the place."""
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
    Setting("data", str, "data", "Folder for all data: spool, store, pictures."),
    Setting(
        "host", str, "127.0.0.1", "Address to listen on; beyond loopback, a token is required."
    ),
    Setting("port", int, 8420, "Port to listen on."),
    Setting(
        "threads", int, 16, "Requests answered at the same time; the intake may use as many again."
    ),
    Setting("start_s", float, 60.0, "Seconds within which the server must answer after it starts."),
    Setting("token", str, "", "Bearer token of the API with all rights.", secret=True),
    Setting("write_token", str, "", "Token with the role write: no administration.", secret=True),
    Setting("read_token", str, "", "Token with the role read.", secret=True),
    Setting(
        "allow_origins",
        list,
        ["*"],
        "Origins whose pages may send events; application=origin for one application.",
    ),
    Setting("address_rate", int, 0, "Intake requests per minute and address; 0: unlimited."),
    Setting("application_rate", int, 0, "Events per minute and application; 0: unlimited."),
    Setting("hash_users", bool, False, "Store user ids as keyed hashes, and no user names."),
    Setting(
        "user_key",
        str,
        "",
        "Key of these hashes; empty: a key in the data folder, created when it is missing.",
        secret=True,
    ),
    Setting(
        "private_names",
        list,
        list(PRIVATE),
        "Endings of names of query parameters and attributes that are never stored; "
        "up to four letters: whole words.",
    ),
    Setting("audit_days", int, 365, "Days to keep the audit log; 0: forever."),
    Setting("trusted_proxies", list, [], "Addresses whose X-Forwarded-For header is trusted."),
    Setting(
        "intake_tokens",
        list,
        [],
        "Pairs application=token; empty: anyone may send events.",
        secret=True,
    ),
    Setting("keep_bots", bool, False, "Keep sessions of synthetic tests and bots."),
    Setting("max_body_mb", int, 16, "Largest request body that the intake accepts, compressed."),
    Setting(
        "max_inflated_mb", int, 64, "Largest request body that the intake accepts, decompressed."
    ),
    Setting(
        "body_s",
        float,
        20.0,
        "Seconds within which a request body must arrive; large ones get more.",
    ),
    Setting("page_rules", str, "", "TOML file with rules that group addresses into pages."),
    Setting("geo_database", str, "", "GeoIP database in MaxMind format, for country and city."),
    Setting("spool_quota_mb", int, 2048, "Disk space for events that are not stored yet."),
    Setting(
        "quiet_period_s",
        float,
        2.0,
        "Seconds without a new segment before a recording is read.",
        former="settle_s",
    ),
    Setting("readers", int, 1, "Processes that read recordings; use one for every two processors."),
    Setting("read_limit_s", float, 30.0, "Processor seconds allowed for reading one recording."),
    Setting("read_memory_mb", int, 1024, "Memory limit of a process that reads recordings."),
    Setting("read_most_mb", int, 128, "Largest recording that is read, decompressed."),
    Setting("retention_days", int, 0, "Days to keep events; 0: forever."),
    Setting(
        "detail_retention_days",
        int,
        30,
        "Days to keep requests, long tasks and vitals; 0: forever.",
    ),
    Setting("replay_retention_days", int, 30, "Days to keep session recordings; 0: forever."),
    Setting(
        "replays_url",
        str,
        "",
        "fsspec URL for session recordings; empty: the data folder.",
        secret=True,
    ),
    Setting(
        "pictures_url",
        str,
        "",
        "fsspec URL for page pictures; empty: the data folder.",
        secret=True,
    ),
    Setting(
        "saved",
        str,
        "",
        "Address of PostgreSQL for saved heatmaps, shares, facts about pictures and the audit "
        "log, such as postgresql://user:password@host:5432/database; empty: a file in the data "
        "folder.",
        secret=True,
        former="database_url",
    ),
    Setting(
        "store",
        str,
        "",
        "Address of ClickHouse, such as clickhouse://user:password@host:8123/database; empty: "
        "DuckDB in the data folder.",
        secret=True,
    ),
    Setting("engine_memory_mb", int, 2048, "Memory limit of the embedded engine."),
    Setting(
        "page_memory_mb",
        int,
        256,
        "Memory for recently queried pages, about 30 bytes per action; 0: no cache.",
    ),
    Setting("application_names", list, [], "id=name pairs: what an application is called."),
    Setting(
        "rage_clicks",
        int,
        3,
        "Clicks that make a rage chain, for senders without frustration signals.",
    ),
    Setting("rage_window_ms", int, 1000, "Time within which these clicks must happen."),
    Setting("rage_distance_px", int, 100, "Largest distance between two of these clicks."),
    Setting(
        "dead_after_ms", int, 100, "A click without a reaction within this time is a dead click."
    ),
    Setting(
        "ignore_rage",
        list,
        [],
        "Element keys whose rage clicks are not counted, such as carousels.",
    ),
    Setting("capture", bool, True, "Make page pictures from replays automatically."),
    Setting("chromium", str, "", "Path of Chromium; empty: search for it."),
    Setting(
        "sites_file", str, "", "YAML file with the sites of applications; read again on changes."
    ),
    Setting("capture_hosts", list, [], "Sites that are always allowed, as host or host:port."),
    Setting("sheet_hosts", list, [], "More such sites (older setting for style sheets)."),
    Setting(
        "capture_hide", list, [], "Selectors to hide before a capture, such as cookie banners."
    ),
    Setting(
        "capture_click", list, [], "Selectors to click before a capture, such as a consent button."
    ),
    Setting("backgrounds_per_page", int, 6, "Pictures to keep per page and width band."),
    Setting(
        "background_max_age_days",
        int,
        7,
        "Age after which a picture is replaced from a newer replay.",
    ),
    Setting(
        "picture_processes",
        int,
        1,
        "Processes that make pictures, in addition to one for slow visits.",
    ),
    Setting(
        "picture_first_s",
        float,
        3.0,
        "Processor seconds for a session's pictures at first; what is left waits for all others.",
    ),
    Setting(
        "picture_visit_s",
        float,
        15.0,
        "Processor seconds for the pictures of a visit; then it is tried again as a slow visit.",
    ),
    Setting(
        "picture_session_s",
        float,
        60.0,
        "Processor seconds for the pictures of all visits of a session.",
    ),
    Setting("picture_slow_times", float, 3.0, "Factor by which a slow visit may take longer."),
    Setting("picture_memory_mb", int, 2048, "Memory limit of a picture process and its browser."),
    Setting("influx_url", str, "", "Address of InfluxDB, the system of record; empty: none."),
    Setting("influx_version", str, "auto", "Version of InfluxDB: 1, 2, 3 or auto."),
    Setting("influx_token", str, "", "Token (2.x, 3.x) or user:password (1.x).", secret=True),
    Setting("influx_ca", str, "", "PEM file of the CA that signed its certificate."),
    Setting("influx_org", str, "", "Organisation (2.x)."),
    Setting("influx_database", str, "isotherm", "Database (1.x, 3.x) or bucket (2.x)."),
    Setting(
        "influx_retention", str, "", "Retention for a database that Isotherm creates, such as 90d."
    ),
    Setting("influx_mapping", str, "", "TOML file that maps measurements of other programs."),
    Setting(
        "influx_reconcile_s", float, 30.0, "Seconds between comparisons of InfluxDB and the engine."
    ),
    Setting("public_url", str, "", "Public address of this server, for links."),
    Setting(
        "trace_url",
        str,
        "",
        "Address of a trace in your tracing system, with {trace} in place of its id: trace ids "
        "link to it.",
    ),
    Setting("grafana_url", str, "", "Address of Grafana, for `isotherm provision` and links."),
    Setting("grafana_token", str, "", "Service account token for Grafana.", secret=True),
    Setting("log_level", str, "info", "Log level: debug, info, warning or error."),
)
BY_NAME: Mapping[str, Setting] = {row.name: row for row in ROWS}
_FORMER: Mapping[str, Setting] = {row.former: row for row in ROWS if row.former}


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
        """Return a copy with other values for these settings."""
        return Settings({**self.values, **values})

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data)


def load(
    environ: Mapping[str, str], file: Path | None = None, flags: Mapping[str, object] | None = None
) -> Settings:
    """Read the settings; later sources win. Raises INVALID, naming the setting and the place."""
    values: dict[str, Value] = {}
    if file is not None:
        for name, raw in _toml(file):
            row = _row(name, str(file))
            values[row.name] = row.parse(raw, str(file))
    known = {f"ISOTHERM_{row.former.upper()}": row for row in _FORMER.values()}
    known |= {row.variable: row for row in ROWS}
    for variable, row in known.items():  # former names first: the present name wins
        if variable in environ:
            values[row.name] = row.parse(environ[variable], variable)
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
    row = BY_NAME.get(name) or _FORMER.get(name)
    if row is None:
        message = f"{where}: there is no setting {name!r}; see docs/settings.md"
        raise IsothermError(Code.INVALID, message, field=name)
    return row


def table() -> str:
    """Return the Markdown table of docs/settings.md (a test compares it)."""
    lines = ["| setting | variable | default | what it does |", "|---|---|---|---|"]
    for row in ROWS:
        default = ", ".join(row.default) if isinstance(row.default, list) else row.default
        secret = " Secret." if row.secret else ""
        lines.append(f"| `{row.name}` | `{row.variable}` | `{default}` | {row.help}{secret} |")
    return "\n".join(lines) + "\n"
