"""What the demo's shop is called, and where its site and its recorded sessions are."""

from pathlib import Path

APPLICATION = "Kestrel Outfitters (demo)"
SERVICE = "kestrel-outfitters"
VERSION = "2.4.0"
HOST = "outfitters.example.test"
SITE = Path(__file__).parent / "site"
SESSIONS = Path(__file__).parent / "sessions"
