"""The words of WHOIS answers: what servers call a holder, a field, a refusal. Tables and their look-up, nothing else.

There is no grammar (RFC 3912 has none): each registry words its answers as it likes. What is not known here
is passed over by the readers.
"""

import re
import unicodedata

HOLDER, REGISTRAR, DOMAIN, OTHER = "holder", "registrar", "domain", "other"

_ROLES = {
    HOLDER: """registrant|domain registrant|holder|domain holder|domain name holder|holder of domain name|owner
        |domain owner|domain owners registrant|organi[sz]ation using domain name|registrante|titular|titulaire
        |licensee|domeninhaber|registrants?|inhaber|intestatario|innehavare|登録者名|登録者""",
    REGISTRAR: """registrar|sponsoring registrar|authori[sz]ed registrar|authori[sz]ed agency|current registr?ar
        |domain registrar|registration service provider|registrador|bureau d enregistrement""",
    DOMAIN: "domain|domain name|domain information|nom de domaine|dominio|nombre de dominio|domainname",
    OTHER: """administrative|administrative contact agent|admin|adm|tec|bil|administrator|ac|technical|tech|tc
        |billing|zone|zone tech|abuse|reseller|onsite|domain nameservers?|domain name servers?
        |nameserver in listed order|primary name server|secondary name server|relevant dates|dates
        |registration status|dnssec|disclaimer|whois|status information|name servers information|key|keys|ds
        |sponsor|contatto|contacto administrativo|contacto tecnico|public contact|data validation|registry""",
}
_AFTER = "contact|information|details|data|contact information|contact details|s|agent"
ROLES = [
    (role, re.compile(rf"(?:{words})\b(?: (?:{_AFTER})\b)*", re.IGNORECASE))
    for role, words in ((role, "|".join(part.strip() for part in words.split("|"))) for role, words in _ROLES.items())
]
POINTERS = re.compile(r"(registrant|holder|owner|org|domain holder) (c|id|handle|contact id)|registrant handle")

_FIELDS = {
    "name": "name|full name|contact name|nombre|nome",
    "person": "person|personname|person name|role",
    "organisation": """organi[sz]ation|org|organi[sz]ation name|org name|company|company name
        |company english name|company local name|business name|entity name|organizacion|organisation nom""",
    "email": "e ?mail|mail|email address|e mail address|electronic mail|contact email|e mail addr",
    "phone": """phone|telephone|tel|phone number|telephone number|voice|phone no|tel no|telefono|telefon|mobile
        |phone voice""",
    "street": """street|address|street address|postal address|addr|street ?\\d|address ?(line)? ?\\d|org address
        |adresse|direccion|endereco|calle|street name|mailing address|address street""",
    "place": """city|town|locality|state|province|state province|province state|region|county|postal code
        |postcode|post code|postalcode|zip|zip code|zipcode|postal|stateprovince|org city|org zipcode|city name
        |ciudad|cidade|ort|plz""",
    "country": "country|country code|country economy|countrycode|org country|pais|land|country name",
    "type": "type|org type|holder type|entity type|ownertype|organi[sz]ation type|registrant type|contact type",
    "number": """org id|organi[sz]ation id|registration number|company number|organi[sz]ation number|reg ?nr
        |ownerid|register number""",
    "handle": "nic hdl|nic hdl br|nic handle|contact id|handle|id|contact handle",
    "contact": "contact",
    "created": """creation date|created|created on|created date|registered|registered on|registered date
        |registration date|registration time|domain created|record created|domain record activated
        |first registration date|domain registered|domain name commencement date|activated|fecha de creacion""",
    "expires": """registry expiry date|expiry date|expiration date|registrar registration expiration date
        |expires|expires on|expire|expire date|paid till|valid until|expiration time|domain expires|renewal date
        |record will expire on|expiry|expiration""",
    "descr": "descr",
    "server": "name ?servers?|nservers?|dns|host ?name|domain servers?|dns servers?",
    "status": "status|domain status",
}
FIELDS = [
    (field, re.compile("|".join(part.strip() for part in words.split("|")), re.IGNORECASE))
    for field, words in _FIELDS.items()
]
ORGANISATION = re.compile(
    r"legal|organi[sz]ation|company|corporat|juridica|jur[ií]dic|entity|business|ltd", re.IGNORECASE
)
INDIVIDUAL = re.compile(r"individual|natural|person|private|fisica", re.IGNORECASE)

NOT_FOUND = re.compile(
    r"^\W*(no (match|matches|entries|objects?|data|records?|information|results?|such domain|registration)\b"
    r"|not found|nothing found|domain not found|not registered|object does not exist|not exist|unknown domain"
    r"|the queried object does not exist|(domain )?status:?\s+(free|available|no object found|not registered)\s*$"
    r"|query_status:\s*220|invalid query or domain name not known)"
    r"|^[\w.\"'-]+ (is free|is available|not found|does not exist|no match)\b"
    r"|\b(domain|name|object|record)( name)?( \S{3,80})? (is available|not found|not registered"
    r"|(is|was|has) not (been )?(registered|found)"
    r"|does not exist|is free|cannot be found|could not be found|not in database|unknown)\b"
    r"|this domain name has not been registered|available for (registration|purchase)|no entries found|no match for"
    r"|object_not_found|(not|n't) have an entry|no (record|entry|entries) (was |were )?found",
    re.IGNORECASE,
)
RATE_LIMITED = re.compile(
    r"too many (requests|queries|connections|lookups|simultaneous)|excessive quer"
    r"|(limit|quota|allowance|maximum)\S{0,2}( \S{1,20}){0,4} (has been |was |is )?(exceeded|reached)"
    r"|exceeded( \S{1,20}){0,5} (limit|quota|queries|requests|rate|number|allow)"
    r"|queries? per (second|minute|hour|day)( has been| is)? exceeded|lookup quota"
    r"|only \d+ (requests?|quer(y|ies)|lookups?) per|rate[- ]?limit(ed|ing)?\b|grace period of"
    r"|try (again|your \S{1,20}) (later|in|after)|please (wait|slow down)|query_status:\s*440"
    r"|(query|request) (denied|refused)|requests? of this client (are|is) not permitted"
    r"|access (has been |is |was )?(temporarily )?(denied|refused|blocked|restricted)\W*$"
    r"|(is|been|are|was) (temporarily )?(blacklisted|banned|blocked)",
    re.IGNORECASE,
)


def normal(key: str) -> str:
    """A label as the tables have it: lower case, without what stands in brackets, words apart by one space."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)?|\[[^\]]*\]", " ", key)).casefold()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).replace("'s", "")
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", plain)).strip()
    return words.removesuffix(" loc")


def split(label: str) -> tuple[str, str]:
    """(whose, which field) a normalised label speaks of; each "" when it does not say. "registrant email" is
    ("holder", "email"), "registrant" ("holder", ""), "email" ("", "email")."""
    for field, words in FIELDS:
        if words.fullmatch(label):
            return "", field
    for role, words in ROLES:
        if words.fullmatch(label):
            return role, ""
    for role, words in ROLES:
        start = words.match(label)
        if start and label[start.end() : start.end() + 1] == " ":
            rest = label[start.end() :].strip()
            return role, next((field for field, known in FIELDS if known.fullmatch(rest)), "else")
    return "", ""
