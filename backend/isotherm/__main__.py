"""`python -m isotherm` is the command line."""

from isotherm.app.cli import main

main()
