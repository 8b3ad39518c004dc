"""Whose mailbox an address can be."""

import pytest

from monitors.probes.mailbox import is_anybodys, is_disposable, is_free


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "web.de", "yahoo.co.uk", "hotmail.co.uk", "tutanota.com", "hey.com", "eu.mail.ru", "duck.com"],
)
def test_providers_that_give_addresses_to_anybody(domain: str) -> None:
    assert is_free(domain)
    assert is_anybodys(domain)


@pytest.mark.parametrize("domain", ["mailinator.com", "guerrillamail.com"])
def test_addresses_to_be_thrown_away(domain: str) -> None:
    assert is_disposable(domain)
    assert is_anybodys(domain)


@pytest.mark.parametrize("domain", ["example.com", "yahoo.example.com", "microsoft.com", "mailchimp.com", "com", ""])
def test_companies_are_no_providers(domain: str) -> None:
    assert not is_anybodys(domain)
