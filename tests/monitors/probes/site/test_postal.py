"""Postal addresses in running text, as they are written in many countries; and what is none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.site.postal import addresses, might_hold

WRITTEN = """
Acme Garden Ltd|12 High Street|Labton|LB1 2QX
1600 Garden Parkway, Suite 5, Springfield, CA 94043
Musterstraße 12|10115 Berlin
Hauptstr. 5, 80331 München
Am Markt 3, A-1010 Wien
12 rue de la Paix|75002 Paris
12 bis, avenue Foch, 75116 Paris
Calle de Alcalá 45|28014 Madrid
Rua das Flores, 12|4050-262 Porto
Av. Paulista, 1000 - São Paulo - SP|01310-100
Via Roma 10, 00184 Roma
Keizersgracht 100|1015 CV Amsterdam
Kungsgatan 5|111 43 Stockholm
Karl Johans gate 5|0154 Oslo
Vesterbrogade 12|1620 København V
Mannerheimintie 5|00100 Helsinki
ul. Prosta 20|00-850 Warszawa
Národní ulice 5|110 00 Praha
ул. Тверская, д. 7|Москва 125009
Atatürk Caddesi No: 12|34000 İstanbul
〒150-0002 東京都渋谷区渋谷2-21-1
北京市朝阳区建国路88号 100022
P.O. Box 12, Dublin 2, D02 X285
Postfach 1234, 10115 Berlin
"""
NONE = """
We write twice a month about what grows
Open 24/7, since 1998
020-7946-0000
In 2024 we wrote to 12000 readers on the street 5 times.
It costs 12 pounds. Order number 12345678
Chapter 12, section 4
"""


@pytest.mark.parametrize("written", WRITTEN.strip().splitlines())
def test_an_address_is_known_in_the_form_of_its_country(written: str) -> None:
    lines = ["Something else", *written.split("|"), "And more"]
    assert len(list(addresses(lines))) == 1
    assert might_hold(lines)


@pytest.mark.parametrize("text", NONE.strip().splitlines())
def test_other_text_with_figures_is_none(text: str) -> None:
    assert list(addresses([text])) == []


def test_without_any_sign_there_is_none_that_a_reader_would_find() -> None:
    assert not might_hold(["We write twice a month", "Open 24/7, since 1998", "Call 020-7946-0000"])
    assert might_hold(["We are in 10115 Berlin"])
    assert might_hold(["Come to 12 High Street"])
    assert might_hold([f"{n} x" for n in range(1000)])  # more than we look at


@pytest.mark.parametrize("piece", ["a.1", "a-", "1 ", "rue ", "A", "12 a b c d ", "x 1 rue ", "straße ", "1号"])
def test_no_text_keeps_it_busy(piece: str) -> None:
    lines = [piece * 500 + "1"] * 400
    began = time.process_time()
    list(addresses(lines))
    might_hold(lines)
    assert time.process_time() - began < 1


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_text_makes_it_raise(lines: list[str]) -> None:
    list(addresses(lines))
    might_hold(lines)
