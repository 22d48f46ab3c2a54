"""The state of the server: JSON for people, metrics for Prometheus."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from isotherm.api.history import Reading
from isotherm.api.services import Services
from isotherm.model.errors import IsothermError
from isotherm.pipeline.quarantine import QuarantineCounts, Stage

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


def status_body(services: Services) -> dict[str, Any]:
    """Return the state of every part, also while the database of saved things is away."""
    quarantined, why = _quarantined(services)
    counts = services.counters.snapshot()
    return {
        "version": services.options.version,
        "public_url": services.options.public_url,
        "trace_url": services.options.trace_url,
        "intake": {
            "received": sum(counts.received.values()),
            "accepted": counts.accepted,
            "dropped": dict(counts.dropped),
            "refused": dict(counts.refused),
            "senders": {
                sender: {"received": count, "last_event_ms": counts.last_event_ms.get(sender)}
                for sender, count in counts.received.items()
            },
        },
        "spool": {"pending": services.spool.pending, "dead": services.spool.dead_count},
        "quarantine": {
            stage: {"recordings": counted.recordings, "events": counted.events}
            for stage, counted in quarantined.items()
        },
        "saved": {"ok": not why, "last_error": why},
        **{name: dict(state()) for name, state in services.parts.items()},
    }


def _quarantined(services: Services) -> tuple[Mapping[Stage, QuarantineCounts], str]:
    """Return what is in quarantine, or nothing and why that is not known."""
    try:
        return services.quarantine.counts(), ""
    except IsothermError as error:
        return {}, error.message


class Metrics:
    """The metrics of one server."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._registry = CollectorRegistry()
        self._registry.register(_Counts(services))
        self._answers = Histogram(
            "isotherm_answer_seconds",
            "Time to answer a request.",
            ["endpoint", "status"],
            registry=None,  # those of all processes are told
            buckets=_BUCKETS_S,
        )
        self._registry.register(_Answers(self._of_all))
        self._of_all()  # other processes are told of this one's from now on

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._answers.labels(endpoint, str(status)).observe(seconds)

    def reading(self) -> Reading:
        """Return the current values for the history."""
        counts, spool = self._services.counters.snapshot(), self._services.spool
        reading = {
            ("accepted", ""): float(counts.accepted),
            ("pending", ""): float(spool.pending),
            ("dead", ""): float(spool.dead_count),
        }
        reading |= {("received", sender): float(n) for sender, n in counts.received.items()}
        reading |= {("dropped", reason): float(n) for reason, n in counts.dropped.items()}
        reading |= {("refused", reason): float(n) for reason, n in counts.refused.items()}
        for packed, value in self._of_all().items():
            sample, labels = _unpacked(packed)
            for end, name in (("_count", "requests"), ("_sum", "busy_s")):
                if sample.endswith(end):
                    key = (name, labels["endpoint"].rsplit(".")[-1])
                    reading[key] = reading.get(key, 0.0) + value
        return reading

    def _of_all(self) -> dict[str, float]:
        return self._services.answers_of_all(self._own)

    def _own(self) -> dict[str, float]:
        """Return the samples of this process, which can be added to those of others."""
        return {
            _packed(sample.name, sample.labels): sample.value
            for family in self._answers.collect()
            for sample in family.samples
            if not sample.name.endswith("_created")
        }

    def text(self) -> bytes:
        """Return Prometheus' text format."""
        return generate_latest(self._registry)


def _packed(name: str, labels: Mapping[str, str]) -> str:
    return msgspec.json.encode([name, labels]).decode()


def _unpacked(packed: str) -> tuple[str, dict[str, str]]:
    return msgspec.json.decode(packed, type=tuple[str, dict[str, str]])


class _Answers(Collector):
    def __init__(self, of_all: Callable[[], Mapping[str, float]]) -> None:
        self._of_all = of_all

    def collect(self) -> Iterator[Metric]:
        family = Metric("isotherm_answer_seconds", "Time to answer a request.", "histogram")
        for packed, value in self._of_all().items():
            family.add_sample(*_unpacked(packed), value)
        yield family


class _Counts(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        counts = self._services.counters.snapshot()
        received = CounterMetricFamily(
            "isotherm_intake_received", "Events that arrived.", labels=["sender"]
        )
        for sender, count in counts.received.items():
            received.add_metric([sender], count)
        yield received
        yield CounterMetricFamily(
            "isotherm_intake_accepted", "Events that the store has accepted.", value=counts.accepted
        )
        dropped = CounterMetricFamily(
            "isotherm_intake_dropped", "Events that are not kept.", labels=["reason"]
        )
        for reason, count in counts.dropped.items():
            dropped.add_metric([reason], count)
        yield dropped
        refused = CounterMetricFamily(
            "isotherm_requests_refused",
            "Requests that were not read to the end.",
            labels=["reason"],
        )
        for reason, count in counts.refused.items():
            refused.add_metric([reason], count)
        yield refused
        spool = self._services.spool
        yield GaugeMetricFamily(
            "isotherm_spool_pending", "Events not yet in the store.", value=spool.pending
        )
        yield GaugeMetricFamily(
            "isotherm_spool_dead", "Events that could not be stored.", value=spool.dead_count
        )
        recordings = GaugeMetricFamily(
            "isotherm_quarantine_recordings",
            "Recordings that are in quarantine because they could not be read.",
            labels=["stage"],
        )
        events = GaugeMetricFamily(
            "isotherm_quarantine_events",
            "Events that nothing counts until their recording can be read.",
            labels=["stage"],
        )
        quarantined, why = _quarantined(self._services)
        if why:
            return  # a gap: 0 would be wrong
        for stage, counted in quarantined.items():
            recordings.add_metric([stage], counted.recordings)
            events.add_metric([stage], counted.events)
        yield recordings
        yield events
