"""`python -m singlestep` is the command `singlestep`."""

from singlestep.cli import main

main()
