"""What a sample message shows, what it does not, and that no message can hurt."""

import base64
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.sample import read

NAMES = ["Fieldnote Digital"]
POSTAL = ["8 Weaver Street, Boston, MA 02110, United States"]
LINKS = ["https://optout.harrow.example/u"]
OWN = ["fieldnote.example"]

SENT = """\
Return-Path: <bounce-77@mail.fieldnote.example>
Received: by 2002:a05:6a20:e1c7 with SMTP id k7; Sun, 22 Nov 2026 10:00:05 +0000
Received: from out1.fieldnote.example (out1.fieldnote.example. [192.0.2.140])
        by mx.example.net with ESMTPS id a1 (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128);
        Sun, 22 Nov 2026 10:00:04 +0000
Received: from app.fieldnote.example (app [10.1.2.3]) by out1.fieldnote.example (Postfix) with ESMTP id 4Q;
        Sun, 22 Nov 2026 10:00:01 +0000 (UTC)
DKIM-Signature: v=1; a=rsa-sha256; d=fieldnote.example; s=s1;
        h=From:To:Subject:List-Unsubscribe:List-Unsubscribe-Post; bh=x; b=y
DKIM-Signature: v=1; a=rsa-sha256; d=esp.example; s=k; h=From:To; bh=x; b=y
From: =?utf-8?q?Fieldnote_f=C3=BCr_Sie?= <news@Mail.Fieldnote.example>
To: ann@example.net
Subject: Courses
List-Unsubscribe: <https://fieldnote.example/u/1>,
        <mailto:u@fieldnote.example>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
"""
PLAIN = """\
Fieldnote  Digital writes to you.
Stop: https://optout.harrow.example/u?id=7, or https://www.fieldnote.example/stop.
8 Weaver Street
Boston, MA  02110
"""
PAGE = """<html><head><title>Hidden Inc</title><style>.a{}</style></head><body><p>Field<b>note</b> Digital</p>
<p>8 Weaver Street<br>Boston, MA 02110</p><a href="https://optout.harrow.example/u/9">stop</a>
<a href="https://click.fieldnote.example/9">ours</a><!-- Secret Ltd --></body></html>"""


def message(head: str, body: str) -> bytes:
    """The body may begin with the header that says of what parts it is."""
    blank = "" if body.startswith("Content-Type: multipart/") else "\n"
    return (head + "\n" + blank + body).replace("\n", "\r\n").encode()


def alternative(*parts: tuple[str, str], boundary: str = "x1") -> str:
    inside = "".join(f"--{boundary}\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return f"Content-Type: multipart/alternative; boundary={boundary}\n\n{inside}--{boundary}--\n"


def facts(raw: bytes, **other: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"names": NAMES, "postal": POSTAL, "advertiser_links": LINKS, "own_domains": OWN}
    return {name.removeprefix("sample."): value for name, value in read(raw, **asked | other).items()}


def full(head: str = SENT, plain: str = PLAIN, page: str = PAGE) -> bytes:
    return message(head.rstrip("\n"), alternative(("text/plain; charset=utf-8", plain), ("text/html", page)))


# ---- What is told ----


def test_a_sound_message_tells_everything() -> None:
    assert facts(full(), approval_links=["https://harrow.example/approved"]) == {
        "tls": True,
        "dkim": ["esp.example", "fieldnote.example"],
        "software": "Postfix",
        "list_unsubscribe": "<https://fieldnote.example/u/1>, <mailto:u@fieldnote.example>",
        "one_click": True,
        "both_links": True,
        "owner_named": True,
        "postal_address": True,
        "plain_text": True,
        "from_domain": "mail.fieldnote.example",
        "return_path_domain": "mail.fieldnote.example",
        "hops": [
            {"by": "out1.fieldnote.example", "from": "app.fieldnote.example", "tls": False},
            {"by": "mx.example.net", "from": "out1.fieldnote.example", "tls": True},
            {"by": "2002:a05:6a20:e1c7", "from": "", "tls": None},
        ],
        "private_hop": True,
        "approval_link": False,
    }


def test_a_message_saved_before_it_left_tells_nothing_of_its_way() -> None:
    head = "From: news@fieldnote.example\nX-Mailer: Campaigner 4.2"
    told = facts(message(head, alternative(("text/plain", PLAIN))))
    assert not {"tls", "dkim", "hops", "private_hop", "one_click", "list_unsubscribe"} & told.keys()
    assert told["software"] == "Campaigner 4.2"
    assert told["owner_named"] is True


def test_what_is_not_asked_for_is_not_told() -> None:
    told = facts(full(), names=[], postal=[], advertiser_links=[], own_domains=[])
    assert not {"owner_named", "postal_address", "both_links", "approval_link"} & told.keys()


@pytest.mark.parametrize(
    ("received", "tls"),
    [
        ("from out1.fieldnote.example by mx.example.net with ESMTPS id 1; date", True),
        ("from out1.fieldnote.example by mx.example.net with esmtpsa (TLS1.3) id 1; date", True),
        ("from out1.fieldnote.example (x [192.0.2.1]) (using TLSv1.3 with cipher Y) by mx.example.net with SMTP", True),
        ("from out1.fieldnote.example by m.example.net with Microsoft SMTP Server (version=TLS1_2, cipher=X)", True),
        ("from out1.fieldnote.example by mx.example.net with ESMTP id 1; date", False),
        ("from out1.fieldnote.example by mx.example.net with SMTP id 1; date", None),
        ("from out1.fieldnote.example by mx.example.net; date", None),
        ("from localhost by out1.fieldnote.example with ESMTPS; date", None),  # has not left yet
        ("(nonsense", None),
    ],
)
def test_encryption_is_told_by_the_hop_that_leaves_the_vendor(received: str, tls: bool | None) -> None:
    raw = message(f"Received: {received}\nFrom: a@fieldnote.example", "Hello")
    assert facts(raw).get("tls") is tls


@pytest.mark.parametrize(
    ("sender", "leaks"),
    [
        ("[10.0.0.5]", True),
        ("x ([192.168.1.2])", True),
        ("x ([IPv6:fd00::1])", True),
        ("x [100.64.3.3]", True),
        ("x [127.0.0.1]", False),
        ("x [192.0.2.1]", False),
        ("x (Postfix 3.10.1)", False),
        ("10.0.0.5.example.com", False),
    ],
)
def test_a_private_address_in_the_path_is_seen(sender: str, leaks: bool) -> None:
    raw = message(f"Received: from {sender} by a.example with ESMTP id 1; 10:00:00 +0000\nFrom: a@b.example", "Hello")
    assert facts(raw)["private_hop"] is leaks


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\n", ""),
        ("<https://fieldnote.example/u/1>,\n        ", ""),
        (":List-Unsubscribe-Post;", ";"),  # the signature does not cover it
    ],
)
def test_one_click_needs_both_headers_and_a_signature_over_them(was: str, becomes: str) -> None:
    assert was in SENT
    assert facts(full(head=SENT.replace(was, becomes)))["one_click"] is False


def test_an_unsigned_message_that_was_sent_is_signed_by_nobody() -> None:
    raw = message("Received: from a.example by b.example with ESMTP; x\nFrom: a@a.example", "Hello")
    assert facts(raw)["dkim"] == []


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("https://optout.harrow.example/u/1 https://fieldnote.example/stop", True),
        ("https://OPTOUT.harrow.example/u?x=1 http://a.b.fieldnote.example", True),
        ("https://optout.harrow.example/u", False),
        ("https://fieldnote.example/stop", False),
        ("https://optout.harrow.example/upsell https://fieldnote.example/", False),
        ("https://evil-optout.harrow.example.evil/u https://notfieldnote.example/", False),
        ("https://fieldnote.example/c/1 https://fieldnote.example/c/2", None),  # perhaps rewritten for counting
        ("no link at all", False),
    ],
)
def test_both_opt_out_links_are_looked_for(text: str, both: bool | None) -> None:
    assert facts(message("From: a@b.example", text)).get("both_links") is both


def test_the_advertiser_may_name_a_domain_for_its_links() -> None:
    raw = message("From: a@b.example", "https://x.harrow.example/any https://fieldnote.example/")
    assert facts(raw, advertiser_links=["harrow.example"])["both_links"] is True


def test_a_link_in_markup_counts_and_one_in_a_comment_or_picture_does_not() -> None:
    page = '<a href="https://fieldnote.example/">x</a><!--https://optout.harrow.example/u--><img src="https://optout.harrow.example/u">'
    assert facts(message("From: a@b.example\nContent-Type: text/html", page))["both_links"] is False


@pytest.mark.parametrize(
    ("text", "named", "addressed"),
    [
        ("FIELDNOTE DIGITAL, 8 Weaver Street, Boston, MA 02110", True, True),
        ("Fieldnote\nDigital · 8 Weaver Street · Boston · MA 02110 · United States", True, True),
        ("Fieldnote Digitals, 8 Weaver Street, Boston", False, False),
        ("18 Weaver Street, Boston, MA 02110", False, False),
    ],
)
def test_name_and_address_are_found_as_whole_words(text: str, named: bool, addressed: bool) -> None:
    told = facts(message("From: a@b.example\nContent-Type: text/plain; charset=utf-8", text))
    assert (told["owner_named"], told["postal_address"]) == (named, addressed)


def test_what_a_reader_does_not_see_is_no_name() -> None:
    assert facts(full(), names=["Hidden Inc"])["owner_named"] is False
    assert facts(full(), names=["Secret Ltd"])["owner_named"] is False


def test_a_message_that_is_one_picture_does_not_deny_the_name() -> None:
    raw = message("From: a@b.example\nContent-Type: text/html", '<img src="https://fieldnote.example/a.png">')
    assert "owner_named" not in facts(raw)


def test_a_name_without_blanks_is_found_in_a_text_without_blanks() -> None:
    raw = "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nこれは野帳株式会社からのお知らせです".encode()
    assert facts(raw, names=["野帳株式会社"])["owner_named"] is True


@pytest.mark.parametrize(
    ("encoding", "charset", "packed"),
    [
        ("8bit", "utf-8", "Grüne Wiese".encode()),
        ("8bit", "iso-8859-1", "Grüne Wiese".encode("latin-1")),
        ("quoted-printable", "utf-8", b"Gr=C3=BCne Wie=\r\nse"),
        ("base64", "windows-1252", base64.b64encode("Grüne Wiese".encode("cp1252"))),
        ("base64", "utf-16", base64.b64encode("Grüne Wiese".encode("utf-16"))),
        ("BASE64", "no-such-charset", base64.b64encode("Grüne Wiese".encode())),
        ("base64", "punycode", base64.b64encode("Grüne Wiese".encode())),
    ],
)
def test_text_is_read_in_its_encoding_and_charset(encoding: str, charset: str, packed: bytes) -> None:
    head = (
        f'From: a@b.example\r\nContent-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}'
    )
    assert facts(head.encode() + b"\r\n\r\n" + packed, names=["Grüne Wiese"])["owner_named"] is True


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (full(), True),
        (message("From: a@b.example\nContent-Type: text/html", PAGE), False),
        (message("From: a@b.example", alternative(("text/html", PAGE), ("text/plain", "  \n"))), False),
        (message("From: a@b.example\nContent-Type: multipart/mixed", PLAIN), None),  # without a boundary
        (message("From: a@b.example\nContent-Type: image/png", "x"), None),
    ],
)
def test_a_plain_text_part_is_looked_for(raw: bytes, told: bool | None) -> None:
    assert facts(raw).get("plain_text") is told


def test_parts_within_parts_are_read_though_one_boundary_begins_like_the_other() -> None:
    inner = alternative(("text/plain", PLAIN), ("text/html", PAGE), boundary="x1-1")
    raw = message('From: a@b.example\nContent-Type: multipart/mixed; boundary="x1"', f"--x1\n{inner}\n--x1--\n")
    assert facts(raw)["owner_named"] is True
    assert facts(raw)["plain_text"] is True


def test_an_attached_text_is_not_the_message() -> None:
    part = (
        "--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nFieldnote Digital\n--x--\n"
    )
    assert "owner_named" not in facts(message("From: a@b.example\nContent-Type: multipart/mixed; boundary=x", part))


def test_a_message_out_of_a_mailbox_file_is_read() -> None:
    assert facts(b"From ann Sun Nov 22 10:00:00 2026\n" + full()) == facts(full())


def test_a_name_in_another_script_is_told_in_ascii() -> None:
    assert facts("From: a@bücher.example\n\nx".encode())["from_domain"] == "xn--bcher-kva.example"


# ---- Whatever comes ----

TOKENS = st.sampled_from(
    [
        b"\r\n", b"\n", b"\n\n", b"From: ", b"Received: from a.b by c.d with ESMTPS (", b"; ", b"=?utf-8?b?", b"?=",
        b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b", b"--b--", b"Content-Type: text/html\n\n", b"<a href=",
        b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/plain; charset=", b"utf-7", b"unicode_escape",
        b"punycode", b"\x00", b"\xff\xfe", b"http://[", b"https://a.example/", b"@", b"DKIM-Signature: d=", b"[::1]",
        b"Content-Type: message/rfc822\n\n", b"<!--", b"<script>", b"\xed\xa0\x80", b"=ED=A0=80", b"a\xc3\xbc.example",
        b"Return-Path: ", b"X-Mailer: ", b"List-Unsubscribe: <https://a", b"10.0.0.1", b"(((((", b"\r", b" ", b"\t",
    ]
)  # fmt: skip


@given(st.binary(max_size=2_000) | st.lists(TOKENS | st.binary(max_size=8), max_size=60).map(b"".join))
@settings(max_examples=400)
def test_no_message_raises_and_every_fact_can_be_stored(raw: bytes) -> None:
    told = read(raw, names=NAMES, postal=POSTAL, advertiser_links=LINKS, own_domains=OWN)
    stored = json.dumps(told, ensure_ascii=False).encode()
    assert b"\\u0000" not in stored
    assert None not in told.values()


@given(st.lists(TOKENS | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_body_raises(body: bytes) -> None:
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + body
    read(raw, names=NAMES, postal=POSTAL, advertiser_links=LINKS, own_domains=OWN)


NEST = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(20_000))
HTML = b"Content-Type: text/html\n\n"
MALICE = {
    "parts within parts": NEST + b"x" * 9_000_000,
    "one boundary for all depths": b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 200_000,
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1_200_000,
    "many ends": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b--\n" * 1_600_000,
    "almost boundaries": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"\r\n--b \t" * 1_400_000,
    "blanks behind a boundary": b"Content-Type: multipart/mixed; boundary=b\n\n--b" + b" " * 9_000_000,
    "messages within messages": b"Content-Type: message/rfc822\n\n" * 300_000,
    "one long header": b"Received: " + b"(" * 10_000_000,
    "many headers": b"Received: from a by b with c; d\n" * 300_000,
    "long paths": b"".join(b"Received: " + b"aaaa:aaaa-" * 500 + b"\n" for _ in range(50)),
    "open comments": b"".join(b"Received: " + b"(from by with " * 500 + b"\n" for _ in range(50)),
    "encoded words": b"From: " + b"=?utf-8?q?a?= " * 700_000,
    "address of angles": b"From: " + b"<" * 4_000 + b"@" * 4_000,
    "signatures": b"DKIM-Signature: " + b"d=a;" * 60_000,
    "attributes": HTML + b"<p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">",
    "elements within elements": HTML + b"<div>" * 2_000_000,
    "tables within tables": HTML + b"<table><tr><td>" * 600_000,
    "formatting that overlaps": HTML + b"<b><i><a href=x>" * 600_000,
    "open tags": HTML + b"<" * 9_000_000,
    "entities": HTML + b"&lt;" * 2_000_000,
    "comments": HTML + b"<!--" * 2_000_000,
    "scripts": HTML + b"A" * 200_000 + b"<script></script>x" * 300_000,
    "links": HTML + b"<a href='http://fieldnote.example/'>" * 200_000,
    "addresses": b"\n" + b"http://[" * 1_000_000,
    "long address": b"\nhttp://" + b"a." * 4_000_000,
    "words": b"\n" + b"Fieldnote " * 1_000_000,
    "base64 of nothing": b"Content-Transfer-Encoding: base64\n\n" + b"=" * 9_000_000,
    "quoted ends": b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 4_000_000,
    "quoted blanks": b"Content-Transfer-Encoding: quoted-printable\n\n" + b" " * 9_000_000,
    "utf-7": b"Content-Type: text/plain; charset=utf-7\n\n" + b"+" * 9_000_000,
    "iso-2022": b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + b"\x1b$B" * 3_000_000,
    "line ends": b"\n" * 10_000_000,
    "returns": b"a" + b"\r" * 10_000_000,
    "nothing": b"",
}


@pytest.mark.parametrize("raw", MALICE.values(), ids=MALICE)
def test_ten_megabytes_of_malice_end_in_time(raw: bytes) -> None:
    began = time.perf_counter()
    read(b"From: a@b.example\n" + raw, names=NAMES, postal=POSTAL, advertiser_links=LINKS, own_domains=OWN)
    assert time.perf_counter() - began < 5  # alone it is below two; the machine may be busy
