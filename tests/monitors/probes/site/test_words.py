"""What people write on links, in the languages of our vendors."""

import pytest

from monitors.probes.site.words import Topic, leads_nowhere, topic_of

SAMPLES = {
    Topic.OPT_OUT: """
        Unsubscribe; Email preferences; Newsletter abbestellen; Se désabonner; Darse de baja; Cancelar inscrição;
        Disiscriviti; Uitschrijven; Avregistrera dig; Peruuta tilaus; Wypisz się; Odhlásit odběr; Отписаться;
        Abonelikten çık; 配信停止; 退订; Your choices; Avmelding; Afmeld nyhedsbrev
    """,
    Topic.CONTACT: """
        Contact us; Kontakt; Nous contacter; Contáctenos; Fale conosco; Contattaci; Neem contact op; Kontakta oss;
        Ota yhteyttä; Skontaktuj się z nami; Kontaktujte nás; Контакты; İletişim; お問い合わせ; 联系我们
    """,
    Topic.IMPRINT: """
        Imprint; Impressum; Mentions légales; Aviso legal; Note legali; Colofon; Künye; Реквизиты; 会社概要
    """,
    Topic.LEGAL: """
        Terms of use; AGB; Conditions générales; Términos y condiciones; Termos de uso; Voorwaarden; Villkor;
        Käyttöehdot; Regulamin; Obchodní podmínky; Пользовательское соглашение; 利用規約
    """,
    Topic.PRIVACY: """
        Privacy policy; Datenschutzerklärung; Vie privée; Protección de datos; Privacidade; Riservatezza;
        Privacyverklaring; Integritetspolicy; Personvern; Tietosuojaseloste; Polityka prywatności;
        Ochrana osobních údajů; Политика конфиденциальности; Gizlilik; プライバシーポリシー; 隐私政策
    """,
    Topic.ABOUT: """
        About us; Über uns; Qui sommes-nous ?; Quiénes somos; Sobre nós; Chi siamo; Over ons; Om oss; Meistä; O nás;
        О компании; Hakkımızda; 会社情報; 关于我们
    """,
    Topic.OTHER: "Our roses; Tomatoes; Rosen und Tulpen; Nos fleurs; バラ; Discontacted; Privacyless",
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "topic"), [(words.strip(), topic) for topic, table in SAMPLES.items() for words in table.split(";")]
)
def test_a_link_is_known_by_its_words(words: str, topic: Topic) -> None:
    assert topic_of(words) is topic


def test_a_link_without_telling_words_is_known_by_its_path() -> None:
    assert topic_of("Click here", "/de/impressum.html") is Topic.IMPRINT
    assert topic_of("", "/opt-out") is Topic.OPT_OUT
    assert topic_of("Contact", "/privacy") is Topic.CONTACT


@pytest.mark.parametrize(
    ("words", "is_so"),
    [
        ("Home", True),
        ("Strona główna", True),
        ("ホーム", True),
        ("Home and contact", False),
        ("", False),
        ("Newsletter", False),
    ],
)
def test_only_links_that_say_nothing_else_lead_nowhere(words: str, is_so: bool) -> None:
    assert leads_nowhere(words) is is_so
