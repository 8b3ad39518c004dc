"""Who may open every address, GET and POST. tests/config/test_role_matrix.py asks them all.

One letter a role, in the order of ROLES: what the answer is, before any form is filled in.

  o  a page              l  sent to sign in      n  404, not theirs to know about
  r  sent somewhere else f  403, not their right m  405, not a way to ask
  b  400, 409 or 422     u  401, no token        x  503, the engine is late
"""

ROLES = ("stranger", "alice, owner of A", "bob of A", "charlie of B", "auditor", "reviewer", "IT", "administrator")

EVERYBODY = "oooooooo"
NOBODY = "nnnnnnnn"
NO_SUCH = "mmmmmmmm"  # not a way to ask
STRANGERS = "orrrrrrr"  # the others have been through it and are sent home
SIGNED_IN = "looooooo"
SENT_ON = "lrrrrrrr"  # signed in, and first asked for the password again, or for a factor that is there
VENDORS = "looonnnn"  # each sees the own vendor's
VENDOR_A = "loonnnnn"
STAFF = "lnnnoooo"
EDITORS = "lnnnfooo"
IT = "lnnnffoo"
ADMINISTRATOR = "lnnnfffo"
PROVED = "lnnnfffr"  # the administrator, and first asked for the password again
TOKENS = "uuuuuuuu"  # a session opens nothing here; tests/api has the roles of tokens


def sent_on(roles: str) -> str:
    """The same roles, sent to another page after the deed."""
    return roles.replace("o", "r")


MATRIX: dict[str, tuple[str, str]] = {  # name: GET, POST
    "home": (STRANGERS, STRANGERS),
    # ── for everybody ──
    "visitors:halt_order": (EVERYBODY, EVERYBODY),
    "visitors:contact": (EVERYBODY, EVERYBODY),
    "visitors:receipt": (EVERYBODY, sent_on(EVERYBODY)),
    "visitors:verify": (EVERYBODY, EVERYBODY),
    "visitors:verify_code": (EVERYBODY, EVERYBODY),
    "visitors:invitation": (EVERYBODY, EVERYBODY),
    "visitors:welcome": (NOBODY, NOBODY),  # there is an administrator
    "visitors:policy": (EVERYBODY, NO_SUCH),
    "visitors:policy_versions": (EVERYBODY, NO_SUCH),
    "visitors:policy_version": (EVERYBODY, NO_SUCH),
    "visitors:policy_text": (EVERYBODY, NO_SUCH),
    "visitors:health_live": (EVERYBODY, NO_SUCH),
    "visitors:health_engine": ("xxxxxxxx", NO_SUCH),  # nothing has run
    # ── signing in ──
    "account_login": (STRANGERS, STRANGERS),
    "account_logout": ("rooooooo", "rrrrrrrr"),
    "account_inactive": (EVERYBODY, NO_SUCH),
    "account_signup": (STRANGERS, STRANGERS),  # the page says that nobody signs up
    "account_reauthenticate": (SIGNED_IN, SIGNED_IN),
    "account_change_password": (SIGNED_IN, SIGNED_IN),
    "account_set_password": (SENT_ON, SENT_ON),
    "account_reset_password": (EVERYBODY, EVERYBODY),
    "account_reset_password_done": (EVERYBODY, NO_SUCH),
    "account_reset_password_from_key": (EVERYBODY, EVERYBODY),  # the page of a key that is none
    "account_reset_password_from_key_done": (EVERYBODY, NO_SUCH),
    "mfa_index": (SIGNED_IN, "lmmmmmmm"),
    "mfa_authenticate": (SENT_ON, SENT_ON),
    "mfa_reauthenticate": (SENT_ON, SENT_ON),
    "mfa_activate_totp": (SENT_ON, SENT_ON),
    "mfa_deactivate_totp": ("lnnnnnnn", "lnnnnnnn"),
    "mfa_view_recovery_codes": ("lnnnnnnn", "lmmmmmmm"),
    "mfa_generate_recovery_codes": (SENT_ON, SENT_ON),
    "mfa_download_recovery_codes": ("lnnnnnnn", "lnnnnnnn"),
    "mfa_list_webauthn": (SIGNED_IN, "lmmmmmmm"),
    "mfa_add_webauthn": (SENT_ON, SENT_ON),
    "mfa_reauthenticate_webauthn": (SENT_ON, SENT_ON),
    "mfa_remove_webauthn": (SENT_ON, SENT_ON),
    "mfa_edit_webauthn": (SENT_ON, SENT_ON),
    "mfa_login_webauthn": (SENT_ON, SENT_ON),
    # ── the portal ──
    "portal:home": (VENDORS, NO_SUCH),
    "portal:order": (VENDOR_A, NO_SUCH),
    "portal:delisting": (VENDOR_A, "lbbnnnnn"),  # who asked has to be said
    "portal:delisting_answer": (NO_SUCH, "lbbnnnnn"),
    "portal:standing": (VENDORS, NO_SUCH),
    "portal:server_look": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:domain_look": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:contacts": (VENDORS, NO_SUCH),
    "portal:contact_new": ("lofonnnn", "lofonnnn"),  # owners change the contacts
    "portal:contact_edit": ("lofnnnnn", "lofnnnnn"),
    "portal:contact_remove": ("lofnnnnn", "lrfnnnnn"),
    "portal:contact_ask": (NO_SUCH, "lrfnnnnn"),
    "portal:contact_code": ("lofnnnnn", "lofnnnnn"),
    "portal:contact_code_send": (NO_SUCH, "lrfnnnnn"),
    "portal:colleagues": (VENDORS, "lofonnnn"),  # owners invite
    "portal:invitation_withdraw": (NO_SUCH, "lrfnnnnn"),
    "portal:forms": (VENDORS, NO_SUCH),
    "portal:form_begin": (NO_SUCH, sent_on(VENDORS)),
    "portal:form": (VENDOR_A, NO_SUCH),
    "portal:form_give_up": ("lofnnnnn", "lrfnnnnn"),  # owners withdraw
    "portal:form_carry_over": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:form_assign": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:step": (VENDOR_A, "lbbnnnnn"),  # an empty POST is no form of ours
    "portal:row_remove": (sent_on(VENDOR_A), sent_on(VENDOR_A)),  # no row is named, as after a removal
    "portal:look": (VENDOR_A, NO_SUCH),
    "portal:files": (VENDOR_A, "lbbnnnnn"),  # a file has to be chosen
    "portal:file": (VENDOR_A, NO_SUCH),
    "portal:file_remove": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:sample": (VENDOR_A, NO_SUCH),
    "portal:talk": (VENDOR_A, VENDOR_A),
    "portal:conflict": (VENDOR_A, sent_on(VENDOR_A)),
    "portal:check": (VENDOR_A, NO_SUCH),
    "portal:sign": (sent_on(VENDOR_A), sent_on(VENDOR_A)),  # it is not complete
    "portal:notices_address": (VENDOR_A, VENDOR_A),
    "portal:notices_address_send": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:signed": (sent_on(VENDOR_A), NO_SUCH),  # nor signed
    "portal:copy_pdf": (VENDOR_A, NO_SUCH),
    "portal:copy_json": (VENDOR_A, NO_SUCH),
    "portal:acceptance": (VENDOR_A, NO_SUCH),
    "portal:letter": (VENDOR_A, NO_SUCH),
    "portal:paper": (VENDOR_A, NO_SUCH),
    "portal:acceptance_receive": (NO_SUCH, sent_on(VENDOR_A)),
    "portal:sources": (VENDORS, VENDORS),
    "portal:evidence": (VENDORS, NO_SUCH),
    "portal:evidence_request": (VENDOR_A, "lbbnnnnn"),  # nothing is ticked
    "portal:document": (VENDOR_A, NO_SUCH),
    # ── the desk: what everybody there reads ──
    "desk:overview": (STAFF, STAFF),
    "desk:vendors": (STAFF, STAFF),
    "desk:vendor": (STAFF, STAFF),
    "desk:vendor_history": (STAFF, STAFF),
    "desk:server": (STAFF, STAFF),
    "desk:domain": (STAFF, STAFF),
    "desk:standing": (STAFF, NO_SUCH),
    "desk:standing_csv": (STAFF, NO_SUCH),
    "desk:vendor_history_csv": (STAFF, NO_SUCH),
    "desk:findings": (STAFF, STAFF),
    "desk:finding": (STAFF, STAFF),
    "desk:orders": (STAFF, STAFF),
    "desk:order": (STAFF, STAFF),
    "desk:blocklists": (STAFF, NO_SUCH),
    "desk:blocklist": (STAFF, NO_SUCH),
    "desk:lookups": (STAFF, NO_SUCH),
    "desk:attestation_file": (STAFF, NO_SUCH),
    "desk:deliveries": (STAFF, STAFF),
    "desk:delivery": (STAFF, STAFF),
    "desk:journal": (STAFF, STAFF),
    "desk:entry": (STAFF, STAFF),
    "desk:engine": (STAFF, STAFF),
    "desk:clauses": (STAFF, STAFF),
    "desk:submissions": (STAFF, NO_SUCH),
    "desk:submission": (STAFF, NO_SUCH),
    "desk:submission_json": (STAFF, NO_SUCH),
    "desk:submission_pdf": (STAFF, NO_SUCH),
    "desk:submission_log": (STAFF, NO_SUCH),
    "desk:evidence": (STAFF, NO_SUCH),
    "desk:acceptances": (STAFF, NO_SUCH),
    "desk:acceptance": (STAFF, NO_SUCH),
    "desk:paper": (STAFF, NO_SUCH),
    "desk:acceptance_letter": (STAFF, NO_SUCH),
    "desk:header_approvals": (STAFF, NO_SUCH),
    "desk:registrations": (STAFF, NO_SUCH),
    "desk:registration": (STAFF, NO_SUCH),
    "desk:evidence_requests": (STAFF, NO_SUCH),
    "desk:evidence_request": (STAFF, NO_SUCH),
    "desk:document": (STAFF, NO_SUCH),
    "desk:grants": (STAFF, NO_SUCH),
    "desk:websites": (STAFF, NO_SUCH),
    # ── and what some change ──
    "desk:vendor_new": (EDITORS, EDITORS),
    "desk:vendors_import": (EDITORS, EDITORS),
    "desk:vendor_edit": (EDITORS, EDITORS),
    "desk:vendor_retire": (EDITORS, EDITORS),
    "desk:vendor_look": (NO_SUCH, sent_on(EDITORS)),
    "desk:server_new": (EDITORS, EDITORS),
    "desk:domain_new": (EDITORS, EDITORS),
    "desk:domain_edit": (EDITORS, EDITORS),
    "desk:domain_retire": (EDITORS, EDITORS),
    "desk:alias_new": (EDITORS, EDITORS),
    "desk:alias_withdraw": (EDITORS, EDITORS),
    "desk:server_edit": (EDITORS, EDITORS),
    "desk:server_retire": (EDITORS, EDITORS),
    "desk:server_look": (NO_SUCH, sent_on(EDITORS)),
    "desk:domain_look": (NO_SUCH, sent_on(EDITORS)),
    "desk:contact_new": (EDITORS, EDITORS),
    "desk:contact_edit": (EDITORS, EDITORS),
    "desk:contact_remove": (EDITORS, EDITORS),
    "desk:contact_ask": (NO_SUCH, sent_on(EDITORS)),
    "desk:contact_test_call": (EDITORS, EDITORS),
    "desk:lookup": (EDITORS, "lnnnfbbb"),  # nothing is ticked
    "desk:delisting_new": (EDITORS, EDITORS),
    "desk:delisting_answer": (EDITORS, EDITORS),
    "desk:submission_take_up": (NO_SUCH, sent_on(EDITORS)),
    "desk:submission_look": (NO_SUCH, sent_on(EDITORS)),
    "desk:submission_unchanged": (NO_SUCH, sent_on(EDITORS)),
    "desk:submission_comment": (NO_SUCH, EDITORS),
    "desk:submission_return": (NO_SUCH, EDITORS),
    "desk:submission_return_drop": (NO_SUCH, sent_on(EDITORS)),
    "desk:submission_send_back": (NO_SUCH, sent_on(EDITORS)),
    "desk:submission_decline": (NO_SUCH, sent_on(EDITORS)),  # to prove first that it is them
    "desk:sample_judge": (NO_SUCH, sent_on(EDITORS)),
    "desk:sample_widen": (NO_SUCH, sent_on(EDITORS)),
    "desk:submission_accept": (EDITORS, sent_on(EDITORS)),  # the same
    "desk:submission_waive": (IT, IT),
    "desk:waiver_revoke": (NO_SUCH, sent_on(IT)),
    "desk:registration_ask": (EDITORS, "lnnnfbbb"),  # there is a request already
    "desk:registration_waive": (IT, "lnnnffbb"),  # nothing is ticked
    "desk:registration_confirm": (NO_SUCH, sent_on(IT)),
    "desk:evidence_accept": (EDITORS, "lnnnfbbb"),
    "desk:evidence_ask_again": (EDITORS, "lnnnfbbb"),
    "desk:evidence_supply": (EDITORS, "lnnnfbbb"),
    "desk:grant_withdraw": (EDITORS, "lnnnfbbb"),  # it wants a reason
    "desk:acceptance_suspend": (EDITORS, EDITORS),
    "desk:acceptance_resume": (IT, IT),
    "desk:acceptance_withdraw": (EDITORS, EDITORS),
    "desk:header_approval_new": (IT, IT),
    "desk:header_approval_revoke": (IT, IT),
    "desk:order_new": (IT, IT),
    "desk:order_lift": (NO_SUCH, IT),
    "desk:delivery_retry": (NO_SUCH, IT),
    "desk:blocklists_prove": (NO_SUCH, sent_on(IT)),
    "desk:blocklist_new": (IT, IT),
    "desk:blocklist_release": (NO_SUCH, IT),
    "desk:blocklist_switch": (NO_SUCH, IT),
    "desk:blocklist_entry": (IT, IT),
    "desk:blocklist_take_back": (NO_SUCH, sent_on(IT)),
    "desk:people": (ADMINISTRATOR, NO_SUCH),
    "desk:people_invite": (PROVED, PROVED),
    "desk:invitation_withdraw": (NO_SUCH, sent_on(ADMINISTRATOR)),
    "desk:person": (ADMINISTRATOR, PROVED),
    "desk:person_close": (NO_SUCH, PROVED),
    "desk:person_reopen": (NO_SUCH, PROVED),
    "desk:person_forget_factor": (NO_SUCH, PROVED),
    "desk:tokens": (ADMINISTRATOR, NO_SUCH),
    "desk:token_new": (PROVED, PROVED),
    "desk:token_revoke": (NO_SUCH, sent_on(ADMINISTRATOR)),
    "desk:policy_begin": (NO_SUCH, sent_on(ADMINISTRATOR)),
    "desk:policy_draft": (ADMINISTRATOR, NO_SUCH),
    "desk:policy_terms": (ADMINISTRATOR, ADMINISTRATOR),
    "desk:policy_clause_new": (ADMINISTRATOR, ADMINISTRATOR),
    "desk:policy_clause": (ADMINISTRATOR, ADMINISTRATOR),
    "desk:policy_clause_drop": (NO_SUCH, sent_on(ADMINISTRATOR)),
    "desk:policy_publish": (ADMINISTRATOR, ADMINISTRATOR),
    "desk:policy_discard": (ADMINISTRATOR, ADMINISTRATOR),
    # ── the API ──
    "api:openapi-json": (EVERYBODY, EVERYBODY),
    "api:api-root": (NOBODY, NOBODY),
    "api:list_vendors": (TOKENS, TOKENS),
    "api:add_vendor": (TOKENS, TOKENS),
    "api:get_vendor": (TOKENS, NO_SUCH),
    "api:change_vendor": (TOKENS, NO_SUCH),
    "api:list_domains": (TOKENS, TOKENS),
    "api:add_domain": (TOKENS, TOKENS),
    "api:get_domain": (TOKENS, NO_SUCH),
    "api:change_domain": (TOKENS, NO_SUCH),
    "api:list_aliases": (TOKENS, NO_SUCH),
    "api:list_servers": (TOKENS, TOKENS),
    "api:add_server": (TOKENS, TOKENS),
    "api:get_server": (TOKENS, NO_SUCH),
    "api:change_server": (TOKENS, NO_SUCH),
    "api:list_sources": (TOKENS, NO_SUCH),
    "api:add_addresses": (NO_SUCH, TOKENS),
    "api:list_contacts": (TOKENS, TOKENS),
    "api:add_contact": (TOKENS, TOKENS),
    "api:get_contact": (TOKENS, NO_SUCH),
    "api:change_contact": (TOKENS, NO_SUCH),
    "api:remove_contact": (TOKENS, NO_SUCH),
    "api:list_watches": (TOKENS, NO_SUCH),
    "api:list_observations": (TOKENS, NO_SUCH),
    "api:list_findings": (TOKENS, NO_SUCH),
    "api:get_finding": (TOKENS, NO_SUCH),
    "api:list_halts": (TOKENS, TOKENS),
    "api:issue_halt": (TOKENS, TOKENS),
    "api:get_halt": (TOKENS, NO_SUCH),
    "api:lift_halt": (NO_SUCH, TOKENS),
    "api:list_deliveries": (TOKENS, NO_SUCH),
    "api:get_clearance": (TOKENS, NO_SUCH),
}
