"""`make demo`: Sluice in a scratch database with the lab behind it, in one process.

Starts the lab, fills the product with its vendors through the product's own verbs, serves, and after a moment puts a
clean server on a blocklist; then it tells what happens, with times, as the rows appear.
"""

import argparse
import json
import os
import shutil
import socket
import sys
import threading
from pathlib import Path

from lab.run import Lab
from monitors.catalogue import load

HOME = Path(__file__).resolve().parent.parent / "var" / "demo"
SETTINGS = {
    "DEMO": "true",
    "REQUIRE_MFA": "false",
    "ADVERTISER_NAME": "Harrow & Lyle",
    "ADVERTISER_DOMAINS": "harrow.example.com",
    "ABUSE_ADDRESS": "abuse@harrow.example.com",
    "ABUSE_PHONE": "+44 20 7946 0100",
    "EGRESS_ALLOW": "192.0.2.0/24,198.51.100.0/24,203.0.113.0/24,2001:db8::/32,127.0.0.1/32",
    "SWEEP_SECONDS": "1",
    "WATCH_SECONDS": "5",
    "CONFIRM_COUNT": "2",
    "CONFIRM_SPACING_SECONDS": "2",
    "BLIND_SECONDS": "10",
    "ESCALATION": "contact:3m,backup:3m,staff:5m",
    "LOG_LEVEL": "WARNING",
}
# Websites are surveyed where websites are. Whoever may not listen there sees in the demo that they cannot be reached.
WEB = (443, 80)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=HOME, help="scratch folder; emptied at the start")
    parser.add_argument("--control-port", type=int, default=8025, help="port of the lab's page; 0 takes a free one")
    parser.add_argument("--inject-after", type=float, default=15.0, metavar="SECONDS", help="when the listing comes")
    parser.add_argument("--json", action="store_true", help="say where everything is in one line of JSON")
    options = parser.parse_args()
    bind = os.environ.get("SLUICE_BIND", "127.0.0.1:8000")
    for port in (int(bind.rpartition(":")[2]), options.control_port):
        if port and _is_taken(port):
            print(f"Port {port} is in use. Stop what is there, or choose others:", file=sys.stderr)
            print("  SLUICE_BIND=127.0.0.1:9000 .venv/bin/python -m lab.demo --control-port 9025", file=sys.stderr)
            return 1
    shutil.rmtree(options.home, ignore_errors=True)
    options.home.mkdir(parents=True)
    web, plain = WEB if not any(map(_is_refused, WEB)) else (0, 0)
    ports = {"control_port": options.control_port, "web_port": web, "web_plain_port": plain}
    with Lab(mail_folder=options.home / "mail", **ports) as lab:
        _settle(lab, options.home, bind)
        return _serve(lab, options)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_refused(port: int) -> bool:
    """Is it not ours to listen to: because somebody does, or because the system keeps it for its administrator?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _settle(lab: Lab, home: Path, bind: str) -> None:
    """Settings for the scratch installation, whatever the shell's own are."""
    for name in [name for name in os.environ if name.startswith("SLUICE_")]:
        del os.environ[name]
    catalogue = home / "blocklists.toml"
    zones = ((entry.id, entry.zone) for entry in load(None, {}) if entry.is_configured)
    # Whoever names a zone names its limits too: the lab may be asked as fast as the demo's clock runs.
    catalogue.write_text("".join(f'[[blocklist]]\nid = "{name}"\nzone = "{zone}"\n\n' for name, zone in zones))
    given = SETTINGS | {
        "HOME": str(home),
        "BLOCKLISTS": str(catalogue),
        "BIND": bind,
        "RESOLVERS": ",".join(lab.resolvers),
        "EMAIL_URL": f"smtp://{lab.smtp_address}",
        "RDAP_BOOTSTRAP": lab.rdap_bootstrap,
        "WHOIS_ROOT": lab.whois_root,
        "EGRESS_CA": lab.web.authority,
        "WEB_PORTS": f"{lab.web.port},{lab.web.plain_port}",
    }
    os.environ.update({f"SLUICE_{name}": value for name, value in given.items()})
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"


def _serve(lab: Lab, options: argparse.Namespace) -> int:
    import django  # settings stand in the environment only now

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from config.celery import app
    from engine.embedded import Embedded
    from lab.demo_story import fill, tell

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    people = fill(lab)
    from config.wsgi import application  # last: it looks at the collected static files

    if options.json:
        where = {"url": settings.PUBLIC_URL, "control": lab.control_url, "smtp": lab.smtp_address, "people": people}
        print(json.dumps(where), flush=True)
    else:
        _greet(settings.PUBLIC_URL, lab.control_url, people)
    told = threading.Thread(target=tell, args=(lab, options.inject_after), name="story", daemon=True)
    embedded = Embedded(app, application, settings.BIND, settings.ENGINE_STAGES)
    told.start()
    return embedded.run()


def _greet(url: str, control: str, people: dict[str, str]) -> None:
    print(f"\n  Sluice      {url}/desk/")
    print(f"  The lab     {control}/   (lists, moods, and every mail that was sent)\n")
    print("  Sign in as  password for all: {}".format(people["password"]))
    for who, email in people.items():
        if who != "password":
            print(f"    {email:<32} {who}")
    print("\n  Stop it with Ctrl-C. The story, as it happens:\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
