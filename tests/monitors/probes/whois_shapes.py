"""Answers in the shapes of registries that the samples lack, and their right reading."""

Shape = tuple[str, str, dict[str, str]]

SHAPES: list[Shape] = [
    (
        "acme.it",
        """Domain:             acme.it
Status:             ok
Created:            1999-12-10 00:00:00

Registrant
  Organization:     Acme Italy S.r.l.
  Address:          Via Roma 1
                    Milano
                    20100
  Created:          2018-03-02 19:08:32

Admin Contact
  Name:             Tu
  Organization:     Other

Registrar
  Organization:     Ox Registrar
  Name:             OX-REG
""",
        {"holder": "Acme Italy S.r.l.", "address": "Via Roma 1, Milano, 20100", "registrar": "Ox Registrar"},
    ),
    (
        "acme.com.br",
        """domain:      acme.com.br
owner:       Acme Brasil Ltda
ownerid:     06.990.590/0001-23
country:     BR
owner-c:     DOADM17
nserver:     ns1.acme.com.br

nic-hdl-br:  DOADM17
person:      Admin
e-mail:      dns@acme.com.br
""",
        {"holder": "Acme Brasil Ltda", "email": "dns@acme.com.br", "registrar": ""},
    ),
    (
        "acme.com.tw",
        """Domain Name: acme.com.tw
   Registrant:
      Acme LLC
      Admin  dns@acme.com
      +1.6502530000
      1 Main Street
      Taipei

   Administrative Contact:
      Other Ltd

Registration Service Provider: Ox
""",
        {"holder": "Acme LLC", "email": "dns@acme.com", "phone": "+1.6502530000", "address": "1 Main Street, Taipei"},
    ),
    (
        "acme.co.uk",
        """    Domain name:
        acme.co.uk

    Registrant:
        Acme UK Limited

    Registrant type:
        UK Limited Company

    Registrant's address:
        1 High Street
        London

    Registrar:
        Ox Ltd [Tag = OX]
""",
        {"holder": "Acme UK Limited", "address": "1 High Street, London", "registrar": "Ox Ltd [Tag = OX]"},
    ),
    (
        "acme.is",
        """domain:       acme.is
registrant:   GI153-IS
admin-c:      GI9-IS

role:         Other
nic-hdl:      GI9-IS

role:         Acme LLC
nic-hdl:      GI153-IS
address:      1 Main Street
e-mail:       dns@acme.is
""",
        {"holder": "Acme LLC", "email": "dns@acme.is", "address": "1 Main Street"},
    ),
    (
        "acme.co.nz",
        """domain_name: acme.co.nz
query_status: 200 Active
registrar_name: Ox
registrant_contact_name: Acme NZ Ltd
registrant_contact_address1: 1 Queen St
registrant_contact_phone: +64 9 2530000
admin_contact_name: Other
""",
        {"holder": "Acme NZ Ltd", "phone": "+64 9 2530000", "address": "1 Queen St", "registrar": "Ox"},
    ),
    (
        "acme.com.tr",
        """** Domain Name: acme.com.tr

** Registrant:
   Acme A.S.
   1 Street
   dns@acme.com.tr
   + 90-212-6502530000-

** Registrar:
Organization Name\t: Bikom
""",
        {"holder": "Acme A.S.", "email": "dns@acme.com.tr", "address": "1 Street", "registrar": "Bikom"},
    ),
    (
        "acme.lu",
        """domainname:     acme.lu
ownertype:      ORGANISATION
org-name:       Acme SA
org-address:    1, rue X
adm-name:       John
adm-email:      john@acme.lu
registrar-name: Ox
""",
        {"holder": "Acme SA", "address": "1, rue X", "registrar": "Ox", "email": ""},
    ),
    (
        "acme.co.il",
        """reg-name:     acme
domain:       acme.co.il

descr:        Acme Israel Ltd
descr:        1 Street
phone:        +972 3 7654321
e-mail:       dns AT acme.co.il
admin-c:      DT-MM9991-IL

person:       Other
address:      Ox Inc
nic-hdl:      DT-MM9991-IL

registrar name: Ox
""",
        {"holder": "Acme Israel Ltd", "address": "1 Street", "email": "dns@acme.co.il", "registrar": "Ox"},
    ),
    (
        "acme.net",
        """ Registrant [3545]:
        Acme Corp
        1 Main St
        Town  CA  90210

 Administrative Contact [12]:
        Other

   Domain Name: ACME.NET
""",
        {"holder": "Acme Corp", "address": "1 Main St, Town  CA  90210"},
    ),
    (
        "acme.kg",
        """Domain ACME.KG (ACTIVE)

Administrative Contact:
   PID: MA-KG
   Name: Ox
   Address: 1 Street

Record created: Tue Feb 10 2004
""",
        {"holder": "", "address": ""},
    ),
    (
        "acme.md",
        """Domain  name    acme.md
Domain state    OK, Locked
Registered on   2006-05-05
Registrar       Ox
""",
        {"holder": "", "registrar": "Ox"},
    ),
    (
        "acme.com.ar",
        """domain:\t\tacme.com.ar
registrant:\t50338459000
registrar:\tnicar

contact:\t50338459000
name:\t\tACME ARGENTINA S.R.L.
registrar:\tnicar
""",
        {"holder": "ACME ARGENTINA S.R.L.", "registrar": "nicar"},
    ),
    (
        "acme.tn",
        """Domain name......... : acme.tn
Registrar........... : Ox

Owner Contact
Name................ : ACME Tunisie SA
Address............. : 1 Rue
City................ : Tunis
Email............... : dns@acme.tn

Administrative contact
Name................ : Other
""",
        {"holder": "ACME Tunisie SA", "address": "1 Rue, Tunis", "email": "dns@acme.tn"},
    ),
]
