"""Which domains a sender is looked at with."""

from monitors.sender.domains import Met, met


def test_what_is_named_comes_first_and_what_is_met_is_the_registered_name() -> None:
    found = met(["acme.co.uk"], ["mx1.acme.co.uk", "mx1.hosting.com"], "mail.acme.co.uk")
    assert found == [
        Met("acme.co.uk", ("named", "reverse name mx1.acme.co.uk", "HELO mail.acme.co.uk"), True),
        Met("hosting.com", ("reverse name mx1.hosting.com",)),
    ]


def test_a_name_below_brings_the_registered_one_with_it() -> None:
    found = met(["news.acme.com"], [], None)
    assert [(one.name, one.is_given, one.is_registered) for one in found] == [
        ("news.acme.com", True, False),
        ("acme.com", False, True),
    ]


def test_what_is_no_name_of_a_host_brings_no_domain() -> None:
    assert met([], ["localhost", "_x.acme.com", "5.113.0.203.in-addr.arpa"], "[203.0.113.5]") == []
