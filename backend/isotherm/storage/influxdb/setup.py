"""The first start: database or bucket, retention and the mapping that InfluxQL needs on 2.x."""

import re
from typing import Any, Final

import influxdb_client
import requests
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.rest import ApiException

from isotherm.model.errors import Code, IsothermError
from isotherm.storage.influxdb.client import InfluxClient, identifier
from isotherm.storage.influxdb.failures import JournalError, RefusedError, failure, unreachable
from isotherm.storage.influxdb.options import JournalOptions

_UNITS: Final = {"h": 3600, "d": 86_400, "w": 604_800}
_DURATION: Final = re.compile(r"(\d++)([hdw])")
_RETRY_S: Final = 30
_FORBIDDEN: Final = 403
_LIBRARY: Any = influxdb_client  # only partly typed


def prepare(client: InfluxClient) -> None:
    """Create what is missing.

    Raises JournalError: away, or with the commands to run when the credentials may not create it.
    """
    try:
        _PREPARE[client.major](client)
    except ApiException as error:
        options = client.options
        failed = failure(options, error.status or 0, error.body or "", None)
        if isinstance(failed, JournalError):
            raise _explained(options, 2, failed) from error
        raise _refused(options, 2, str(failed)) from error
    except InfluxDBError as error:  # the library's own: the token does not see the organisation
        raise _refused(client.options, 2, str(error)) from error
    except (requests.RequestException, OSError) as error:
        raise unreachable(client.options, error) from error


def retention_s(text: str) -> int:
    """Return a duration like 90d, 12h or 4w in seconds; 0 for ever. Raises INVALID."""
    if not text:
        return 0
    found = _DURATION.fullmatch(text)
    if found is None:
        message = f"influx_retention must look like 90d, 12h or 4w, not {text!r}."
        raise IsothermError(Code.INVALID, message, field="influx_retention")
    return int(found[1]) * _UNITS[found[2]]


def commands(options: JournalOptions, major: int) -> str:
    """Return what a person with the rights has to run, line by line."""
    name, org = options.database, options.org or "ORG"
    if major == 1:
        duration = f" WITH DURATION {options.retention}" if options.retention else ""
        return (
            f"influx -execute 'CREATE DATABASE {identifier(name)}{duration}'\n"
            f"influx -execute 'GRANT ALL ON {identifier(name)} TO \"USER\"'"
        )
    if major == 2:
        retention = options.retention or "0"
        return (
            f"influx bucket create --name {name} --org {org} --retention {retention}\n"
            f"influx v1 dbrp create --db {name} --rp autogen --default --org {org} "
            f"--bucket-id $(influx bucket list --name {name} --org {org} --hide-headers | cut -f1)"
        )
    retention = f" --retention-period {options.retention}" if options.retention else ""
    return f"influxdb3 create database{retention} {name}"


def _database(client: InfluxClient) -> None:
    options = client.options
    series = client.ask("SHOW DATABASES", database=False)
    if options.database in {row[0] for entry in series for row in entry.get("values", [])}:
        return
    duration = f" WITH DURATION {options.retention}" if options.retention else ""
    statement = f"CREATE DATABASE {identifier(options.database)}{duration}"
    try:
        client.ask(statement, database=False, post=True)
    except JournalError as error:
        raise _explained(options, 1, error) from error


def _bucket(client: InfluxClient) -> None:
    options = client.options
    if not options.org:
        message = f"InfluxDB at {options.url} is a 2.x, which keeps buckets by organisation."
        raise JournalError(message, "Set influx_org to its name.", _RETRY_S)
    buckets: Any = client.api.buckets_api()
    bucket = buckets.find_bucket_by_name(options.database)
    if bucket is None:
        seconds = retention_s(options.retention)
        rules = (
            [_LIBRARY.BucketRetentionRules(type="expire", every_seconds=seconds)] if seconds else []
        )
        bucket = buckets.create_bucket(
            bucket_name=options.database, org=options.org, retention_rules=rules
        )
    mappings = _LIBRARY.DBRPsService(client.api.api_client)
    found = mappings.get_dbr_ps(org=options.org, db=options.database).content or []
    if any(mapping.bucket_id == bucket.id and mapping.default for mapping in found):
        return
    try:
        mappings.post_dbrp(
            dbrp_create=_LIBRARY.DBRPCreate(
                org=options.org,
                bucket_id=bucket.id,
                database=options.database,
                retention_policy="autogen",
                default=True,
            )
        )
    except ApiException:
        client.ask("SHOW MEASUREMENTS LIMIT 1")  # 2.7 maps a bucket by its name where none is made


def _database_3(client: InfluxClient) -> None:
    options = client.options
    try:
        found: list[dict[str, Any]] = client.request(
            "GET", "/api/v3/configure/database", params={"format": "json"}
        ).json()
        if options.database in {entry.get("iox::database") for entry in found}:
            return
        wanted = {"db": options.database}
        if retention_s(options.retention):
            wanted["retention_period"] = options.retention
        client.request("POST", "/api/v3/configure/database", json=wanted)
    except RefusedError as error:
        raise _refused(options, 3, error.body) from error
    except JournalError as error:
        raise _explained(options, 3, error) from error


_PREPARE: Final = {1: _database, 2: _bucket, 3: _database_3}


def _explained(options: JournalOptions, major: int, error: JournalError) -> JournalError:
    """Return the commands to run for what is forbidden; other errors speak for themselves."""
    return _refused(options, major, error.why) if error.status == _FORBIDDEN else error


def _refused(options: JournalOptions, major: int, why: str) -> JournalError:
    return JournalError(
        f"InfluxDB at {options.url} has no {options.database!r} that these credentials may use, "
        f"and they may not create it ({why}).",
        f"Run:\n{commands(options, major)}\n"
        "Or, if it is there, give them read and write on it, and check influx_org.",
        _RETRY_S,
    )
