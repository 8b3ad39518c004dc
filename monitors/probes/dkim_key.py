"""One key record of DKIM, read (RFC 6376 section 3.6.1, RFC 8301, RFC 8463). Pure: text in, what it is worth out."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from monitors.probes import tags

LEAST_BITS = 1024  # receivers pass over shorter RSA keys (RFC 8301 section 3.2)
GOOD_BITS = 2048
ED25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """What a record is worth. `fault` is "" for a key that receivers can use, else revoked, unreadable, weak_key,
    no_sha256 or not_for_mail; `phrase` tells it, with the cure. `advice` is by code. `bits` are those of an RSA key."""

    kind: str = ""
    bits: int = 0
    fault: str = ""
    phrase: str = ""
    advice: Mapping[str, str] = field(default_factory=dict)


def is_key(text: str) -> bool:
    """Whether a TXT record means to be a key: p= is the one tag that every key has."""
    found, _ = tags.read(text)
    return "p" in found and found.get("v", "DKIM1") == "DKIM1"


def read(text: str) -> Key:
    """Never raises for what a record says."""
    found, fault = tags.read(text)
    kind = found.get("k", "rsa")
    if fault:
        return Key(kind, fault="unreadable", phrase=f"cannot be read: {fault}; publish it anew")
    if "v" in found and next(iter(found)) != "v":
        return Key(kind, fault="unreadable", phrase="cannot be read: v= is not its first tag; publish it anew")
    text_of_key = "".join(found.get("p", "").split())
    if not text_of_key:
        phrase = "is revoked (p= is empty); sign with another selector, and tell us which"
        return Key(kind, fault="revoked", phrase=phrase)
    if "h" in found and "sha256" not in _words(found["h"]):
        phrase = "does not allow sha256, and receivers take nothing else (RFC 8301); leave its h= out"
        return Key(kind, fault="no_sha256", phrase=phrase)
    if "s" in found and not {"*", "email"} & _words(found["s"]):
        return Key(kind, fault="not_for_mail", phrase="is not for mail (its s= says so); leave its s= out")
    advice = {}
    if "y" in _words(found.get("t", "")):
        advice["dkim_testing"] = "says that it is only being tested (t=y), so that it counts for nothing; take t=y out"
    try:
        bits = _bits(kind, base64.b64decode(text_of_key, validate=True))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return Key(kind, fault="unreadable", phrase=f"has no {kind[:20]} key in it that can be read; publish it anew")
    if kind == "rsa" and bits < LEAST_BITS:
        phrase = f"has {bits} bits, and receivers pass over keys under {LEAST_BITS}; make one of {GOOD_BITS}"
        return Key(kind, bits, "weak_key", phrase)
    if kind == "rsa" and bits < GOOD_BITS:
        advice["dkim_short_key"] = f"has {bits} bits; make one of {GOOD_BITS} when you next change it"
    return Key(kind, bits, advice=advice)


def _bits(kind: str, raw: bytes) -> int:
    """The size of the key, in bits. ValueError when there is none of this kind in it."""
    if kind == "ed25519" and len(raw) == ED25519_BYTES:
        Ed25519PublicKey.from_public_bytes(raw)
        return 256
    if kind == "rsa":
        key = load_der_public_key(raw)  # as SubjectPublicKeyInfo, or the bare RSAPublicKey that some publish
        if isinstance(key, RSAPublicKey):
            return key.key_size
    raise ValueError(f"no key of kind {kind}")


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(":")}
