"""The lab as a whole: two paths into one world, a mail server, registries, websites, and the page to work them.

From a shell ``python -m lab.run`` or ``manage.py lab``; in a test::

    with Lab() as lab:
        lab.world.list("zen.spamhaus.org", "192.0.2.11")
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self

from lab.control import Control
from lab.dns import DnsServer
from lab.levers import Levers
from lab.loops import LoopThread, Server
from lab.mail import Mail
from lab.rdap import RdapServer
from lab.seed import VENDORS, SeedVendor, demo_world, plant_lists
from lab.smtp import SmtpSink
from lab.web import WebServer
from lab.whois import WhoisServer
from lab.world import World


class Out(Protocol):
    """What the lab says where it listens to: a text stream, or Django's wrapper around one."""

    def write(self, text: str, /) -> object: ...

    def flush(self) -> None: ...


ENDINGS = (signal.SIGINT, signal.SIGTERM)


class Lab:
    """Open between `with` and its end. Ports of 0 are chosen; the world is the demo's unless given.

    `dns_ports` has one entry a path. `mail_folder` keeps mail on disk as well. `seed` decides every chance.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        vendors: Sequence[SeedVendor] = VENDORS,
        dns_ports: Sequence[int] = (0, 0),
        smtp_port: int = 0,
        control_port: int = 0,
        rdap_port: int = 0,
        whois_port: int = 0,
        web_port: int = 0,
        web_plain_port: int = 0,
        mail_folder: Path | None = None,
        seed: int = 0,
    ) -> None:
        self.world = demo_world() if world is None else world
        self.paths = tuple(
            DnsServer(self.world, port=port, seed=seed + number) for number, port in enumerate(dns_ports)
        )
        self.sink = SmtpSink(port=smtp_port, folder=mail_folder, seed=seed)
        self.rdap = RdapServer(self.world, port=rdap_port)
        self.whois = WhoisServer(self.world, port=whois_port)
        self.web = WebServer(self.world, port=web_port, plain_port=web_plain_port)
        for vendor in vendors:
            if self.world.registrant_of(vendor.domain):  # a world of one's own need not have them
                self.web.set_mood(vendor.domain, vendor.web_mood)
        levers = Levers(self.world, self.paths, self.sink, vendors, web=self.web)
        self.control = Control(levers, port=control_port)

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            loop = LoopThread()
            undo.callback(loop.stop)
            for server in (*self.paths, self.sink, self.rdap, self.whois, self.web):
                loop.run(server.open())
                undo.callback(_close, loop, server)
            undo.enter_context(self.control)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._undo.close()

    @property
    def resolvers(self) -> list[str]:
        """One address a path, as SLUICE_RESOLVERS takes them: ["127.0.0.1:5353", …]."""
        return [path.address for path in self.paths]

    @property
    def smtp_address(self) -> str:
        """Where mail goes, as "127.0.0.1:2525"."""
        return self.sink.address

    @property
    def control_url(self) -> str:
        """The page and the JSON API, as "http://127.0.0.1:8025"."""
        return self.control.url

    @property
    def rdap_bootstrap(self) -> str:
        """What SLUICE_RDAP_BOOTSTRAP takes, as "http://127.0.0.1:8043/dns.json"."""
        return self.rdap.bootstrap_url

    @property
    def whois_root(self) -> str:
        """What SLUICE_WHOIS_ROOT takes, as "127.0.0.1:4343"."""
        return self.whois.root

    @property
    def mail(self) -> list[Mail]:
        """The mail accepted so far, oldest first."""
        return self.sink.messages


def _close(loop: LoopThread, server: Server) -> None:
    loop.run(server.close())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the lab, for any parser."""
    parser.add_argument("--dns", type=int, action="append", metavar="PORT", help="port of a DNS path; repeatable")
    parser.add_argument("--smtp", type=int, default=0, metavar="PORT", help="port of the mail server")
    parser.add_argument("--control", type=int, default=0, metavar="PORT", help="port of the page and its API")
    parser.add_argument("--rdap", type=int, default=0, metavar="PORT", help="port of the registries")
    parser.add_argument("--whois", type=int, default=0, metavar="PORT", help="port of the registries' root for WHOIS")
    parser.add_argument("--web", type=int, default=0, metavar="PORT", help="port of the vendors' websites")
    parser.add_argument("--mail-folder", type=Path, metavar="FOLDER", help="keep mail on disk as well")
    parser.add_argument("--ttl", type=int, default=5, metavar="SECONDS", help="TTL of every answer (default 5)")
    parser.add_argument("--seed", type=int, default=0, metavar="NUMBER", help="decides every chance (default 0)")
    parser.add_argument("--bare", action="store_true", help="the lists only, without the demo's vendors")
    parser.add_argument("--json", action="store_true", help="say where it listens in one line of JSON")


def serve(options: argparse.Namespace, out: Out) -> None:
    """Run the lab until SIGINT or SIGTERM. Ports not given are chosen; OSError when one is taken."""
    world = World(ttl=options.ttl) if options.bare else demo_world(ttl=options.ttl)
    if options.bare:
        plant_lists(world)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # before the threads start, which inherit it
    try:
        with Lab(
            world,
            vendors=() if options.bare else VENDORS,
            dns_ports=options.dns or (0, 0),
            smtp_port=options.smtp,
            control_port=options.control,
            rdap_port=options.rdap,
            whois_port=options.whois,
            web_port=options.web,
            mail_folder=options.mail_folder,
            seed=options.seed,
        ) as lab:
            out.write(_described(lab, as_json=options.json))
            out.flush()
            signal.sigwait(ENDINGS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def main(arguments: Sequence[str] | None = None) -> int:
    """``python -m lab.run``; the exit status is 1, with a sentence, when a port or an option will not do."""
    parser = argparse.ArgumentParser(prog="lab", description="A small pretend internet on loopback ports.")
    add_arguments(parser)
    try:
        serve(parser.parse_args(arguments), sys.stdout)
    except (OSError, OverflowError, ValueError) as fault:
        sys.stderr.write(f"The lab could not start: {fault}. A port of 0 takes a free one.\n")
        return 1
    return 0


def _described(lab: Lab, *, as_json: bool) -> str:
    if as_json:
        where = {
            "resolvers": lab.resolvers,
            "smtp": lab.smtp_address,
            "control": lab.control_url,
            "rdap": lab.rdap_bootstrap,
            "whois": lab.whois_root,
            "web": lab.web.port,
            "web_plain": lab.web.plain_port,
            "authority": lab.web.authority,
            "pid": os.getpid(),
        }
        return json.dumps(where) + "\n"
    return (
        f"DNS   {', '.join(lab.resolvers)}\nSMTP  {lab.smtp_address}\nRDAP  {lab.rdap_bootstrap}\n"
        f"WHOIS {lab.whois_root}\n"
        f"Web   https://*:{lab.web.port}/, trusted with {lab.web.authority}; http://*:{lab.web.plain_port}/\n"
        f"Page  {lab.control_url}/\n"
        "A pretend internet; Ctrl-C ends it.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
