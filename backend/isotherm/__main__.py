"""`python -m isotherm` is the command line."""

from isotherm.cli import main

main()
