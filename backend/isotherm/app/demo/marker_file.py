"""The file in a data folder that says what the demo has put there, or was about to."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from isotherm.storage.durable import write_durably

FILE = "demo.json"


@dataclass(frozen=True)
class Mark:
    """Written before the first event, so that a load that was interrupted can be done again.

    With the same times the same events come about, and the store knows those that it has.
    """

    shift_ms: int  # how much later than recorded the recorded sessions are
    generated_sessions: int
    loaded_ms: int  # epoch; the generated sessions end there
    complete: bool = True  # everything is in the store

    @classmethod
    def of(cls, folder: Path) -> "Mark | None":
        """Return the mark of a data folder; None where the demo never was."""
        file = folder / FILE
        return cls(**json.loads(file.read_text("utf-8"))) if file.exists() else None

    def write(self, folder: Path) -> None:
        """Put it into the folder, whole or not at all."""
        write_durably(folder / FILE, json.dumps(asdict(self)).encode())
