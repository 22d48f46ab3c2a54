"""What the measurements share: the size asked for, a temporary folder, the main data folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.folders import fill
from tests.bench.generate import Traffic


@dataclass(frozen=True)
class Work:
    """One run of the benchmark."""

    root: Path  # temporary; removed with everything in it
    traffic: Traffic
    say: Callable[[str], None]

    def folder(self) -> Path:
        """Return the data folder of the size asked for, made when first wanted."""
        return self.made("main", self.traffic)

    def made(self, name: str, traffic: Traffic) -> Path:
        """Return a data folder with some traffic in it; a second call finds the first one's."""
        folder = self.root / name
        if not folder.exists():
            self.say(f"Making {traffic.actions:,} actions ...")
            fill(folder, traffic)
        return folder
