"""Which domains give a mailbox to anybody who asks. Pure, and short: the large ones, by name; no list of throw-away
addresses, which change by the day. A company's address there proves nothing about the company (R7)."""

_BRANDS = """
aol gmx googlemail hotmail live msn outlook proton protonmail rocketmail tuta tutanota yahoo yandex ymail
"""
_DOMAINS = """
126.com 139.com 163.com 189.cn att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com
charter.net comcast.net cox.net daum.net disroot.org duck.com earthlink.net email.com email.cz fastmail.com
fastmail.fm foxmail.com free.fr freenet.de gmail.com hey.com hushmail.com icloud.com inbox.lv inbox.ru
interia.pl juno.com kolabnow.com laposte.net libero.it list.ru mac.com mail.com mail.ee mail.ru mailbox.org
mailfence.com me.com naver.com netzero.net o2.pl onet.pl optonline.net orange.fr pm.me posteo.de qq.com
rambler.ru rediffmail.com riseup.net runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr sina.com sky.com
sohu.com startmail.com t-online.de talktalk.net terra.com.br tiscali.it tuta.io uol.com.br usa.com verizon.net
virgilio.it virginmedia.com wanadoo.fr web.de wp.pl yeah.net zoho.com zohomail.com
"""

BRANDS = frozenset(_BRANDS.split())  # they run under many endings: yahoo.com, yahoo.co.uk
DOMAINS = frozenset(_DOMAINS.split())


def is_free(domain: str) -> bool:
    """Is mail of `domain` (A-labels, lower case) free for all?"""
    brand, _, ending = domain.partition(".")
    return domain in DOMAINS or (brand in BRANDS and 2 <= len(ending) <= 6)
