"""The command `singlestep`, also `python -m singlestep`."""

import _signal as signal  # type: ignore[import-not-found]  # under `signal`, and there from the interpreter's first moment


def main() -> None:
    """Run the command line. While it runs, Ctrl-C is answered in words; while its parts are being loaded, and once all is
    said, Ctrl-C ends the program at once."""
    heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from singlestep import cli

    try:
        cli.main(heard)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
