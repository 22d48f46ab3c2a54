"""A server reduced to one question to its reader process, which never answers; tells its pid."""

import sys
import threading
from pathlib import Path

from isotherm.pipeline.readers.messages import Derive, Start
from isotherm.pipeline.readers.process import ReaderProcess


def main() -> None:
    """Ask about the poisoned session of the folder that the command line names."""
    reader = (sys.executable, str(Path(__file__).with_name("poisoned_reader.py")))
    process = ReaderProcess(Start(replays_url=sys.argv[1], limit_s=600.0), reader)
    asking = threading.Thread(target=process.ask, args=(Derive("shop", "loop"),))
    asking.start()
    while process.pid is None:
        asking.join(0.01)
    sys.stdout.write(f"{process.pid}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
