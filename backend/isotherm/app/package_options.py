"""The settings, as the options of each package: the only place that knows both."""

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Final

from isotherm.api.route_types import Role
from isotherm.app.settings import Settings
from isotherm.intake.bodies import Limits
from isotherm.intake.clients import networks
from isotherm.intake.limiting import Rates
from isotherm.intake.options import Options as IntakeOptions
from isotherm.intake.options import read_origins, read_page_rules, read_token
from isotherm.intake.pages import DEFAULT_RULES, page_key
from isotherm.intake.privacy import Privacy
from isotherm.model.errors import Code, IsothermError
from isotherm.pipeline.backup import PICTURES, REPLAYS
from isotherm.pipeline.readers.messages import Start as ReadingOptions
from isotherm.pipeline.retention import Retention
from isotherm.render.options import RenderOptions
from isotherm.replay.derive.signal_rules import SignalRules
from isotherm.storage.clickhouse.options import Options as ClickHouseOptions
from isotherm.storage.duckdb.store import Options as EngineOptions
from isotherm.storage.durable import write_durably
from isotherm.storage.influxdb.options import JournalOptions

MEBIBYTE: Final = 1 << 20
DAY_MS: Final = 86_400_000


def intake_options(settings: Settings) -> IntakeOptions:
    """Return the intake's options from the settings. Raises INVALID naming the wrong one."""
    for_all, by_application = read_origins(settings.allow_origins)
    return IntakeOptions(
        limits=Limits(
            body_bytes=settings.max_body_mb * MEBIBYTE,
            inflated_bytes=settings.max_inflated_mb * MEBIBYTE,
        ),
        pages=read_page_rules(Path(settings.page_rules)) if settings.page_rules else DEFAULT_RULES,
        keep_bots=settings.keep_bots,
        tokens=dict(read_token(pair) for pair in settings.intake_tokens),
        trusted_proxies=networks(settings.trusted_proxies),
        geo_database=Path(settings.geo_database) if settings.geo_database else None,
        allow_origins=for_all,
        origins=by_application,
        rates=Rates(settings.address_rate, settings.application_rate),
        privacy=Privacy(
            private=tuple(map(_plain, settings.private_names)),
            user_key=_user_key(settings) if settings.hash_users else b"",
        ),
    )


def _plain(name: str) -> str:
    plain = "".join(char for char in name.lower() if char.isalnum())
    if not plain:  # every name ends with it
        message = f"private_names contains {name!r}, which has no letters or digits"
        raise IsothermError(Code.INVALID, message, field="private_names")
    return plain


def _user_key(settings: Settings) -> bytes:
    """Return the key of the hashes of user ids: as set, or the data folder's own."""
    if settings.user_key:
        return sha256(settings.user_key.encode()).digest()
    file = settings.folder / "user.key"
    if not file.exists() and settings.saved:
        message = (
            "Several backends may share this database, and each would hash user ids differently: "
            f"set user_key to the same secret for all of them, or copy {file} to each"
        )
        raise IsothermError(Code.INVALID, message, field="user_key")
    if not file.exists():  # it is there whole or not at all
        settings.folder.mkdir(parents=True, exist_ok=True)
        write_durably(file, secrets.token_bytes(32), mode=0o600)
    key = file.read_bytes()
    if len(key) != 32:
        message = f"{file} is damaged: restore it; otherwise, the hashes of users change"
        raise IsothermError(Code.INVALID, message, field="user_key")
    return key


def api_tokens(settings: Settings) -> dict[Role, str]:
    """Return the tokens of the API by role. Raises INVALID when two roles have the same."""
    tokens: dict[Role, str] = {
        "read": settings.read_token, "write": settings.write_token, "admin": settings.token
    }  # fmt: skip
    given = {role: token for role, token in tokens.items() if token}
    if len(set(given.values())) < len(given):
        message = "token, write_token and read_token must differ: each stands for a role"
        raise IsothermError(Code.INVALID, message, field="token")
    return given


def engine_options(settings: Settings) -> EngineOptions:
    """Return what the settings say about the embedded engine."""
    return EngineOptions(
        memory_mb=settings.engine_memory_mb, page_bytes=settings.page_memory_mb * MEBIBYTE
    )


def clickhouse_options(settings: Settings) -> ClickHouseOptions:
    """Return what the settings say about ClickHouse, which deletes old rows by itself."""
    return ClickHouseOptions(
        keep_days=retention(settings).by_table, turn=settings.folder / "store.lock"
    )


def trace_url(settings: Settings) -> str:
    """Return where traces are, with a place for the id. Raises INVALID."""
    address: str = settings.trace_url
    if address and not (address.startswith(("http://", "https://")) and "{trace}" in address):
        message = f"trace_url is {address!r}, which is no http(s) address with {{trace}} in it"
        raise IsothermError(Code.INVALID, message, field="trace_url")
    return address


def application_names(settings: Settings) -> dict[str, str]:
    """Return what the settings call applications, by id. Raises INVALID."""
    names: dict[str, str] = {}
    for pair in settings.application_names:
        application, _, name = pair.partition("=")
        if not (application.strip() and name.strip()):
            message = f"application_names contains {pair!r}, which is not id=name"
            raise IsothermError(Code.INVALID, message, field="application_names")
        names[application.strip()] = name.strip()
    return names


def retention(settings: Settings) -> Retention:
    """Return after how many days events and replays are deleted."""
    days = settings.retention_days
    return Retention(
        actions=days,
        views=days,
        errors=days,
        details=_shorter(settings.detail_retention_days, days),
        replays=settings.replay_retention_days,
        audit=settings.audit_days,
    )


def _shorter(days: int, than: int) -> int:
    """Return the shorter of two numbers of days, of which 0 is for ever."""
    return min(days or than, than or days)


def signal_rules(settings: Settings) -> SignalRules:
    """Return what counts as rage and as dead."""
    return SignalRules(
        rage_clicks=settings.rage_clicks,
        rage_window_ms=settings.rage_window_ms,
        rage_distance_px=settings.rage_distance_px,
        dead_after_ms=settings.dead_after_ms,
    )


def render_options(settings: Settings) -> RenderOptions:
    """Return what the settings say about pictures."""
    return RenderOptions(
        automatic=settings.capture,
        chromium=settings.chromium,
        hosts=(*settings.capture_hosts, *settings.sheet_hosts),
        hide=tuple(settings.capture_hide),
        click=tuple(settings.capture_click),
        per_page=settings.backgrounds_per_page,
        max_age_ms=settings.background_max_age_days * DAY_MS,
        processes=settings.picture_processes,
        first_s=settings.picture_first_s,
        visit_s=settings.picture_visit_s,
        session_s=settings.picture_session_s,
        slow_times=settings.picture_slow_times,
        memory_mb=settings.picture_memory_mb,
    )


def journal_options(settings: Settings) -> JournalOptions:
    """Return what the settings say about InfluxDB."""
    pages = intake_options(settings).pages
    return JournalOptions(
        url=settings.influx_url,
        version=settings.influx_version,
        token=settings.influx_token,
        org=settings.influx_org,
        ca=settings.influx_ca,
        database=settings.influx_database,
        retention=settings.influx_retention,
        mapping=settings.influx_mapping,
        state=settings.folder / "journal.db",
        interval_s=settings.influx_reconcile_s,
        keep_days=retention(settings).by_table,
        several=bool(settings.store),
        page_of=lambda url, name: page_key(url, name, pages),
    )


def reading_options(settings: Settings) -> ReadingOptions:
    """Return what the settings say about reading recordings."""
    return ReadingOptions(
        replays_url=replays_url(settings),
        limit_s=settings.read_limit_s,
        memory_mb=settings.read_memory_mb,
        most_mb=settings.read_most_mb,
        rules=signal_rules(settings),
        pages=intake_options(settings).pages,
    )


def replays_url(settings: Settings) -> str:
    """Return where the bodies of replays are."""
    url: str = settings.replays_url
    return url or str(settings.folder / REPLAYS)


def pictures_url(settings: Settings) -> str:
    """Return where the pictures of pages are."""
    url: str = settings.pictures_url
    return url or str((settings.folder / PICTURES).absolute())


def keep_apart(settings: Settings) -> None:
    """Raise INVALID when recordings are kept in the place of the pictures, or one in the other."""
    urls = [f"{url.rstrip('/')}/" for url in (settings.replays_url, settings.pictures_url)]
    recordings, pictures = urls
    nested = recordings.startswith(pictures) or pictures.startswith(recordings)
    if nested and all("://" in url for url in urls):
        message = (
            "replays_url and pictures_url must not be the same, nor one in the other: "
            "use s3://bucket/replays and s3://bucket/pictures"
        )
        raise IsothermError(Code.INVALID, message, field="pictures_url")


def assets_url(settings: Settings) -> str:
    """Return where the bytes of images, fonts and style sheets are: beside the pictures."""
    return f"{pictures_url(settings).rstrip('/')}/assets"
