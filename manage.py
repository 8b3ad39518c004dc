#!/usr/bin/env python
"""The command line of Sluice; `manage.py help` lists the commands."""

import os
import sys


def main(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(argv) > 1:
        argv[1] = argv[1].replace("-", "_")  # commands are written check-sender; a module cannot be
    if argv[1:2] == ["blocklist_scan"]:  # needs neither settings nor applications, and starts in a third of the time
        from monitors.management.commands.blocklist_scan import Command

        Command().run_from_argv(argv)
        return
    from config.shell import run

    run(argv)


if __name__ == "__main__":
    main(sys.argv)
