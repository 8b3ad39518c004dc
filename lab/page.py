"""The lab's one page for people: what is listed, how the world behaves, and the mail. Text in, HTML out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape
from itertools import groupby

from lab.dns import ServerMood
from lab.levers import Path, Picture, Sender
from lab.mail import ADDRESS, PUNCTUATION, Mail
from lab.smtp import SmtpMood
from lab.zone import Mood, Temper

HEAD = """<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css">"""
MOST_SENDERS = 300  # rows; more are counted, not shown
MOST_MAILS = 100
SMTP_MOODS = {
    "accepts everything": {},
    "slow: 20 octets a second": {"speed": "20"},
    "puts off 30 %": {"defer": "0.3"},
    "cuts 10 % after the last dot": {"drop": "0.1"},
    "refuses connections": {"refuses": "true"},
}


def render(picture: Picture, mails: Sequence[Mail], *, refreshes: bool) -> str:
    """The whole page; with `refreshes`, it loads itself again every 3 s."""
    refresh = '<meta http-equiv="refresh" content="3">' if refreshes else ""
    switch = ('<a href="/">Stop refreshing</a>') if refreshes else '<a href="/?refresh">Refresh every 3 s</a>'
    return f"""<!doctype html>
<html lang="en"><head>{HEAD}<title>Sluice lab: a pretend internet</title>{refresh}</head><body>
<a class="skip" href="#senders">To the senders</a>
<header><p class="brand">Sluice lab</p><nav aria-label="Sections"><a href="#senders">Senders</a>
<a href="#mail">Mail</a><a href="#lists">Lists</a><a href="#servers">Servers</a></nav></header>
<main><h1>{_headline(picture)}</h1>
<p class="lede">A pretend internet on this machine. Nothing here is real, and nothing leaves it.
{picture.queries:,} questions were asked; answers may be kept {picture.ttl} s. {switch}</p>
{_senders(picture)}{_mailbox(mails)}{_lists(picture)}{_servers(picture)}
</main></body></html>"""


def render_refusal(sentence: str) -> str:
    """What a person sees whose form was refused."""
    return f"""<!doctype html>
<html lang="en"><head>{HEAD}<title>Refused: Sluice lab</title></head><body>
<main><h1>That did not work</h1><p class="lede">{escape(sentence)}</p>
<p><a href="/">Back to the lab</a></p></main></body></html>"""


def _headline(picture: Picture) -> str:
    listed = sum(bool(sender.listed_on) for sender in picture.senders)
    odd = sum(temper != Temper() for temper in (*picture.lists.values(), *picture.zones.values()))
    odd += sum((path.mood, path.delay, path.loss) != ("normal", 0.0, 0.0) for path in picture.paths)
    odd += picture.smtp != SmtpMood()
    senders = {0: "Nobody is listed.", 1: "One sender is listed."}.get(listed, f"{listed} senders are listed.")
    servers = {0: "Every server is well.", 1: "One is in a mood."}.get(odd, f"{odd} servers are in a mood.")
    return f"{senders} {servers}"


def _senders(picture: Picture) -> str:
    zones = tuple(picture.lists)
    shown = picture.senders[:MOST_SENDERS]
    heads = "".join(f'<th scope="col">{escape(_short(zone))}</th>' for zone in zones)
    rows = []
    for vendor, group in groupby(shown, key=lambda sender: sender.vendor):
        label = escape(vendor) if vendor else "Others"
        rows.append(f'<tr class="group"><th scope="rowgroup" colspan="{len(zones) + 2}">{label}</th></tr>')
        rows += [_sender_row(sender, zones) for sender in group]
    more = len(picture.senders) - len(shown)
    rest = f'<p class="quiet">{more:,} more are in <a href="/world">the JSON</a>.</p>' if more else ""
    options = "".join(f"<option>{escape(zone)}</option>" for zone in zones)
    return f"""<section id="senders"><h2>Senders, and the lists they are on</h2>
<div class="scroll" role="region" aria-label="Senders and lists" tabindex="0"><table>
<thead><tr><th scope="col">Sender</th><th scope="col">Reverse name</th>{heads}</tr></thead>
<tbody>{"".join(rows)}</tbody></table></div>{rest}
<form method="post" action="/list#senders" class="line"><label>Any address or domain
<input name="address" required placeholder="192.0.2.1"></label>
<label>on <select name="zone">{options}</select></label>
<label>code <input name="codes" size="10" placeholder="127.0.0.2"></label>
<button>List</button></form></section>"""


def _sender_row(sender: Sender, zones: Iterable[str]) -> str:
    target = escape(sender.target)
    confirmed = set(sender.reverse) & set(sender.hostnames)
    fault = "does not match" if sender.reverse else "no reverse name"
    wrong = "" if confirmed or not sender.hostnames else f'<span class="state wait">{fault}</span> '
    cells = "".join(_cell(sender, zone) for zone in zones)
    return f"""<tr id="s-{target}"><th scope="row"><span class="host">{target}</span>
<span class="quiet host">{escape(", ".join(sender.hostnames))}</span></th>
<td>{wrong}<span class="quiet host">{escape(", ".join(sender.reverse))}</span></td>{cells}</tr>"""


def _cell(sender: Sender, zone: str) -> str:
    is_listed = zone in sender.listed_on
    verb, tag = ("delist", '<span class="state shut">Listed</span>') if is_listed else ("list", "")
    target = escape(sender.target)
    return f"""<td class="cell">{tag}<form method="post" action="/{verb}#s-{target}">
<input type="hidden" name="zone" value="{escape(zone)}"><input type="hidden" name="address" value="{target}">
<button aria-label="{verb.title()} {target} on {escape(zone)}">{verb.title()}</button></form></td>"""


def _lists(picture: Picture) -> str:
    def row(zone: str, temper: Temper) -> str:
        return f"""<tr><th scope="row" class="host">{escape(zone)}</th><td>{_state(temper.mood)}</td>
<td><form method="post" action="/mood#lists" class="line">
<input type="hidden" name="zone" value="{escape(zone)}">
<label>Mood {_choice("mood", Mood, temper.mood)}</label>
<label>answers <input name="code" size="14" placeholder="the usual code"></label>
<label>after <input name="delay" size="4" value="{temper.delay:g}"> s</label>
<button>Set</button></form></td></tr>"""

    rows = "".join(row(zone, temper) for zone, temper in {**picture.lists, **picture.zones}.items())
    return f"""<section id="lists"><h2>Lists and zones, and how they answer</h2>
<div class="scroll" role="region" aria-label="Moods of lists and zones" tabindex="0"><table>
<thead><tr><th scope="col">Zone</th><th scope="col">Now</th><th scope="col">Change</th></tr></thead>
<tbody>{rows}</tbody></table></div></section>"""


def _servers(picture: Picture) -> str:
    def row(path: Path) -> str:
        return f"""<tr><th scope="row">DNS <span class="host">{escape(path.address)}</span></th>
<td>{_state(path.mood)}</td><td><form method="post" action="/mood#servers" class="line">
<input type="hidden" name="server" value="{escape(path.address)}">
<label>Mood {_choice("mood", ServerMood, path.mood)}</label>
<label>after <input name="delay" size="4" value="{path.delay:g}"> s</label>
<label>loses <input name="loss" size="4" value="{path.loss:g}"> of 1</label>
<button>Set</button></form></td></tr>"""

    buttons = "".join(
        '<form method="post" action="/smtp#servers">'
        + "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        + f"<button>{escape(label)}</button></form>"
        for label, fields in SMTP_MOODS.items()
    )
    return f"""<section id="servers"><h2>Servers</h2>
<div class="scroll" role="region" aria-label="Moods of servers" tabindex="0"><table>
<thead><tr><th scope="col">Server</th><th scope="col">Now</th><th scope="col">Change</th></tr></thead>
<tbody>{"".join(row(path) for path in picture.paths)}
<tr><th scope="row">SMTP <span class="host">{escape(picture.smtp_address)}</span></th>
<td>{_state(_smtp_words(picture.smtp))}</td>
<td><div class="line">{buttons}</div></td></tr></tbody></table></div></section>"""


def _smtp_words(mood: SmtpMood) -> str:
    """What differs from a server that accepts everything."""
    odd = {name: value for name, value in asdict(mood).items() if value != getattr(SmtpMood(), name)}
    words = (name if value is True else f"{name}: {_words(value)}" for name, value in odd.items())
    return ", ".join(words) or "normal"


def _words(value: object) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else f"{value:g}"


def _mailbox(mails: Sequence[Mail]) -> str:
    first = max(0, len(mails) - MOST_MAILS)
    numbered = list(enumerate(mails, start=1))[first:]
    letters = "".join(_letter(number, mail, is_open=number == len(mails)) for number, mail in reversed(numbered))
    older = f'<p class="quiet">{first:,} older are in <a href="/mail">the JSON</a>.</p>' if first else ""
    empty = """<form method="post" action="/mail/clear#mail"><button>Empty the mailbox</button></form>"""
    return f"""<section id="mail"><h2>Mail, newest first</h2>
{letters or '<p class="quiet">No mail has come.</p>'}{older}{empty if mails else ""}</section>"""


def _letter(number: int, mail: Mail, *, is_open: bool) -> str:
    html = f'<a href="/mail/{number}/html" target="_blank" rel="noopener">HTML part</a>' if mail.html else ""
    links = "".join(f"<li>{_link(link)}</li>" for link in mail.links)
    return f"""<details class="letter" id="mail-{number}"{" open" if is_open else ""}><summary>
<time datetime="{mail.at.isoformat()}">{mail.at:%H:%M:%S}</time>
<strong>{escape(mail.subject) or "No subject"}</strong>
<span class="quiet">to {escape(", ".join(mail.recipients))}</span></summary>
<dl><dt>From</dt><dd>{escape(mail.sender) or "nobody: the null sender"}</dd><dt>Message-ID</dt>
<dd class="host">{escape(mail.message_id) or "none"}</dd></dl><pre tabindex="0">{_linked(mail.text)}</pre>
{f'<p>Links</p><ul class="links">{links}</ul>' if links else ""}
<p class="line"><a href="/mail/{number}" target="_blank" rel="noopener">As JSON</a> {html}</p></details>"""


def _linked(text: str) -> str:
    """Text with its web addresses as links."""
    pieces, at = [], 0
    for match in ADDRESS.finditer(text):
        link = match.group().rstrip(PUNCTUATION)
        pieces += [escape(text[at : match.start()]), _link(link)]
        at = match.start() + len(link)
    return "".join([*pieces, escape(text[at:])])


def _link(address: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(address)}</a>'


def _state(mood: str) -> str:
    look = "open" if mood == "normal" else "wait"
    return f'<span class="state {look}">{escape(mood.replace("_", " "))}</span>'


def _choice(name: str, moods: Iterable[str], chosen: str) -> str:
    options = "".join(
        f'<option value="{mood}"{" selected" if mood == chosen else ""}>{mood.replace("_", " ")}</option>'
        for mood in moods
    )
    return f'<select name="{name}">{options}</select>'


def _short(zone: str) -> str:
    """The word that tells a list from the others: the longest label before the last."""
    return max(zone.split(".")[:-1] or [zone], key=len)
