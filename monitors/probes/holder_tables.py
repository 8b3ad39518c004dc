"""Tables behind the judging of a registration: who lends a name or a number, which numbers are fiction, what registries
never show, and what cures each fault. Data; a non-programmer can review it."""

import re

# Corporate domain agents: their own name, mailbox and number may stand in the record of a customer.
AGENTS = re.compile(
    r"\b(markmonitor|csc (corporate domains|global|digital brand)|corporation service company|com laude|nom-iq"
    r"|safenames|dnstination|nameshield|brandshelter|lexsynergy|ebrand|corsearch|authentic web|instra corporation)\b",
    re.IGNORECASE,
)
_AGENT_MAIL = """
authenticweb.com brandshelter.com comlaude.com corsearch.com cscdns.net cscglobal.com cscinfo.com dnstinations.com
domainservicesltd.co.uk ebrand.com instra.com lexsynergy.com markmonitor.com nameshield.net nom-iq.com safenames.com
safenames.net
"""
AGENT_MAIL = frozenset(_AGENT_MAIL.split())
# Numbers of privacy services, registrars and agents, as they stand in records of many holders that have nothing else
# in common
_LENT_NUMBERS = """
+12083895740 +12083895770 +12083895771 +13026365400 +13457495465 +13478717726 +14165385457 +14806242505 +14806242599
+17147064182 +18772738550 +18887802723 +19712666028 +33170377666 +3544212434 +5078365503
"""
LENT_NUMBERS = frozenset(_LENT_NUMBERS.split())
# Kept free for films and examples: by the NANP (555-0100 to 0199), Ofcom, ACMA, Arcep and the Bundesnetzagentur
FICTION = re.compile(
    r"\+1\d{3}55501\d{2}"
    r"|\+44(1(13|14|15|16|17|18|21|31|41|51|61)4960\d{3}|2079460\d{3}|1914980\d{3}|1632960\d{3}|2920180\d{3})"
    r"|\+44(7700900\d{3}|8081570\d{3}|3069990\d{3})"
    r"|\+61([2378](5550|7010)\d{4}|491570\d{3})"
    r"|\+33(19900|26191|35301|46571|53649|63998)\d{4}"
    r"|\+49(3023125|4066969|6990009|2214710|8999998)\d{3}|\+4917139200\d{2}"
)
# What a registry shows of nobody, whoever holds the name: its silence there says nothing about the vendor. Beside each,
# the answer in which it was seen; for .de also DENIC's page on its public service.
_ALL = ("name", "email", "phone", "address")
UNPUBLISHED: dict[str, tuple[str, ...]] = {
    "aw": _ALL,  # google.aw
    "ch": _ALL,  # switch.ch
    "cn": ("phone", "address"),  # google.cn
    "cz": ("email", "phone"),  # amazon.cz
    "de": _ALL,  # google.de
    "edu": ("email", "phone"),  # cornell.edu
    "ee": ("phone", "address"),  # telia.ee
    "ge": ("email", "phone", "address"),  # google.ge
    "gg": ("email", "phone", "address"),  # google.gg
    "hu": _ALL,  # nic.hu
    "je": ("email", "phone", "address"),  # run with .gg
    "jp": ("email", "phone", "address"),  # google.co.jp
    "kr": ("email", "phone"),  # google.kr
    "li": _ALL,  # run with .ch
    "no": _ALL,  # norway.no
    "nu": _ALL,  # google.nu: a handle in place of the holder
    "rs": ("email", "phone"),  # google.rs
    "ru": ("email", "phone", "address"),  # google.ru
    "se": _ALL,  # google.se: a handle in place of the holder
    "sk": ("email", "phone"),  # alza.sk
    "uk": ("email", "phone"),  # google.uk
}

POST_BOX = re.compile(  # per language
    r"\bp\.?\s*o\.?\s*box\b|\bpost\s*(office)?\s*box\b|\bpostfach\b|\bpostbus\b|\bpostboks\b|\bbo[iî]te\s+postale\b"
    r"|\bb\.?\s?p\.?\s*(n[°o]\s*)?\d+|\bpmb\s*#?\d|\bapartado\b|\bapdo\b|\bcasilla\b|\bcaixa\s+postal\b|\bcasella\s+postale\b|\bc\.p\.\s*\d+"
    r"|\bskrytka\s+pocztowa\b|\bskr\.\s*poczt|\bp\.?o\.?b\.?\s+\d+|а/я|\bабонентский\s+ящик|\bbox\s+\d+\s*$|\bposta\s+kutusu\b",
    re.IGNORECASE,
)
MAILDROP = re.compile(r"\bprivate mail\s?box\b|\bmail\s?drop\b|\bvirtual office\b", re.IGNORECASE)
CARE_OF = re.compile(r"(^|[\s,(])(c/-|c/o|℅|care of|z\.\s?hd\.|p/a)[\s:.]", re.IGNORECASE)

CALLED = {"name": "holder's name", "email": "mail address", "phone": "telephone number", "address": "postal address"}
OPEN_IT = (
    "Ask your registrar to switch off the privacy service and to publish your company's name as the organisation, with "
    "mail, telephone and postal address of a role, not of a person. Where it cannot, send us evidence."
)
CURES = {
    "name": "Enter your company's legal name as the organisation. If the holder belongs to you, send us the proof.",
    "email": "Enter a mail address of a role in a domain of your company.",
    "phone": "Enter a number in international form at which your company answers.",
    "address": "Enter the street and number where your company can be found.",
}
