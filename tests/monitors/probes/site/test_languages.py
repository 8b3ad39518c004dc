"""Small sites in the languages of our vendors: start page, imprint or contact, and the way out on a page of its own."""

import pytest

from monitors.probes.reading import Verdict
from tests.monitors.probes.site.sites import DOMAIN, HOME, faults, html, look

# language: (what the start page says, contact link, way-out link, postal address, telephone, domain's ending)
SAMPLES = {
    "en": ("We write to gardeners about what grows.", "Contact us", "Unsubscribe", "12 High Street|Labton LB1 2QX",
           "+44 20 7946 0142"),
    "de": ("Wir schreiben zweimal im Monat über das, was im Garten wächst.", "Impressum", "Newsletter abbestellen",
           "Musterstraße 12|10115 Berlin", "+49 30 901820"),
    "fr": ("Nous écrivons aux jardiniers deux fois par mois.", "Mentions légales", "Se désabonner",
           "12 rue de la Paix|75002 Paris", "+33 1 42 68 53 00"),
    "es": ("Escribimos a los jardineros dos veces al mes.", "Aviso legal", "Darse de baja",
           "Calle de Alcalá 45|28014 Madrid", "+34 912 345 678"),
    "pt": ("Escrevemos aos jardineiros duas vezes por mês.", "Fale conosco", "Cancelar assinatura",
           "Rua das Flores, 12|4050-262 Porto", "+351 21 234 5678"),
    "it": ("Scriviamo ai giardinieri due volte al mese.", "Contatti", "Annulla l'iscrizione", "Via Roma 10|00184 Roma",
           "+39 06 6982 1234"),
    "nl": ("Wij schrijven tuiniers twee keer per maand.", "Neem contact op", "Uitschrijven",
           "Keizersgracht 100|1015 CV Amsterdam", "+31 20 624 1111"),
    "sv": ("Vi skriver till trädgårdsfolk två gånger i månaden.", "Kontakta oss", "Avregistrera",
           "Kungsgatan 5|111 43 Stockholm", "+46 8 123 456 78"),
    "fi": ("Kirjoitamme puutarhureille kahdesti kuussa.", "Yhteystiedot", "Peruuta tilaus",
           "Mannerheimintie 5|00100 Helsinki", "+358 9 1234567"),
    "pl": ("Piszemy do ogrodników dwa razy w miesiącu.", "Skontaktuj się", "Wypisz się",
           "ul. Prosta 20|00-850 Warszawa", "+48 22 123 45 67"),
    "cs": ("Zahradníkům píšeme dvakrát za měsíc o tom, co roste.", "Kontakty", "Odhlásit odběr",
           "Národní ulice 5|110 00 Praha", "+420 224 123 456"),
    "ru": ("Мы пишем садоводам два раза в месяц.", "Контакты", "Отписаться", "ул. Тверская, д. 7|125009 Москва",
           "+7 495 123-45-67"),
    "tr": ("Bahçıvanlara ayda iki kez yazıyoruz, isteyen herkese.", "İletişim", "Abonelikten çık",
           "Atatürk Caddesi No: 12|34000 İstanbul", "+90 212 123 45 67"),
    "ja": ("庭で育つものについて、ご希望の方に月に二回お便りを差し上げています。" * 3, "お問い合わせ", "配信停止",
           "〒150-0002 東京都渋谷区渋谷2-21-1", "+81 3-1234-5678"),
    "zh": ("我们每月给园丁写两次信，只写给提出要求的人。" * 4, "联系我们", "退订", "北京市朝阳区建国路88号 100022",
           "+86 10 1234 5678"),
}  # fmt: skip


def site(language: str, *, way_out: bool = True, contact: bool = True) -> dict[str, bytes]:
    says, to_contact, to_leave, post, phone = SAMPLES[language]
    links = (f'<a href="/a">{to_contact}</a>' if contact else "") + (f'<a href="/b">{to_leave}</a>' if way_out else "")
    block = "".join(f"<p>{line}</p>" for line in ("Acme Garden", *post.split("|"), phone, f"post@{DOMAIN}"))
    # An e-mail field and a button: the way out itself, on whatever words its page has.
    form = f'<h1>{to_leave}</h1><form action="/go"><input type="email"><button>{to_leave}</button></form>'
    pages = {HOME: f"<h1>Acme Garden</h1><p>{says * 2}</p>{links}", f"{HOME}a": block, f"{HOME}b": form}
    return {url: html(inner + f"<p>{says}</p>", lang=language) for url, inner in pages.items()}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_site_is_read_in_its_language(language: str) -> None:
    reading = look(site(language))
    if language == "tr":  # the words lead there, but are none that we are certain of
        assert (reading.verdict, reading.codes[1:3]) == (Verdict.UNKNOWN, ("opt_out:review", "contact:found"))
    else:
        assert (reading.verdict, reading.codes) == (Verdict.CLEAR, ("site:live", "opt_out:found", "contact:found"))


@pytest.mark.parametrize("language", SAMPLES)
def test_what_is_missing_is_missing_in_every_language(language: str) -> None:
    assert faults(look(site(language, way_out=False))) == {"opt_out:not_found"}
    assert "contact:not_found" in faults(look(site(language, contact=False, way_out=False)))
