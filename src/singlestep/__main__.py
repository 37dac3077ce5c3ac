"""The command `singlestep`, also `python -m singlestep`."""

import signal


def main() -> None:
    """Run the command line. Ctrl-C while its parts are being loaded ends it at once; after that it is answered in words."""
    heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from singlestep import cli

    signal.signal(signal.SIGINT, heard)
    cli.main()


if __name__ == "__main__":
    main()
