"""What people write on the links of a website, in the languages of our vendors. A table, and the patterns made of it.

Words are written as people write them, and evened (`markup.evened`) like what they are held against: case, accents and
punctuation make no difference. Latin and Cyrillic ones are matched as whole words, those of scripts without blanks
anywhere. The order of the topics is the order in which pages are looked at. Words that are a way out by themselves
stand in `monitors.probes.website`; those of OPT_OUT here only may lead to one.
"""

import re
from enum import StrEnum

from monitors.probes.markup import evened
from monitors.probes.website import WAYS_OUT


class Topic(StrEnum):
    """What a page is about, as far as the link to it tells."""

    OPT_OUT = "opt_out"
    CONTACT = "contact"
    IMPRINT = "imprint"
    LEGAL = "legal"
    PRIVACY = "privacy"
    ABOUT = "about"
    OTHER = "other"  # nobody can tell


_WORDS = {
    Topic.OPT_OUT: """
        preference centre; preference center; email settings; mail settings; your choices; privacy choices;
        do not contact; stop contacting me; withdraw consent; widerspruch; einwilligung widerrufen; s opposer;
        droit d opposition; retirer mon consentement; baja; cancelar envíos; retirar consentimiento;
        retirar consentimento; revoca consenso; opposizione; toestemming intrekken; återkalla samtycke; avbestill;
        frameld; lopeta tilaus; cofnij zgodę; odvolat souhlas; отказ от рассылки; отозвать согласие; abonelikten çık;
        listeden çık; メール設定; 邮件设置
    """,
    Topic.CONTACT: """
        contact; contacts; contact us; get in touch; reach us; how to reach us; write to us; customer service; support;
        help; kontakt; kontaktieren; ansprechpartner; so erreichen sie uns; nous contacter; contactez nous; contactez;
        contacto; contáctenos; contáctanos; contato; fale conosco; contactos; contactar; contatti; contattaci; contatto;
        contacteer ons; neem contact op; kontakta oss; kontakt oss; kontakt os; ota yhteyttä; yhteystiedot;
        skontaktuj się; kontakty; kontaktujte nás; контакты; связаться с нами; обратная связь; iletişim; bize ulaşın;
        お問い合わせ; 联系我们; 聯絡我們; 联系方式
    """,
    Topic.IMPRINT: """
        imprint; impressum; site notice; company details; company information; anbieterkennzeichnung; mentions légales;
        mentions; aviso legal; información legal; informação legal; note legali; informazioni legali; dati societari;
        colofon; bedrijfsgegevens; företagsuppgifter; firmaoplysninger; yritystiedot; dane firmy; nota prawna; tiráž;
        правовая информация; реквизиты; künye; 特定商取引法; 会社概要; 法律声明
    """,
    Topic.LEGAL: """
        legal; legal notice; terms; terms of use; terms of service; terms and conditions; conditions; agb;
        nutzungsbedingungen; rechtliches; rechtliche hinweise; conditions générales; cgu; cgv; términos;
        términos y condiciones; condiciones de uso; termos; termos de uso; termos e condições; termini; condizioni;
        voorwaarden; algemene voorwaarden; villkor; vilkår; ehdot; käyttöehdot; regulamin; warunki; obchodní podmínky;
        podmínky; условия; пользовательское соглашение; koşullar; kullanım şartları; 利用規約; 使用条款
    """,
    Topic.PRIVACY: """
        privacy; privacy policy; privacy notice; data protection; your data; gdpr; datenschutz; datenschutzerklärung;
        confidentialité; vie privée; données personnelles; rgpd; privacidad; protección de datos; privacidade;
        proteção de dados; lgpd; riservatezza; protezione dei dati; privacybeleid; privacyverklaring; integritet;
        integritetspolicy; personuppgifter; personvern; privatlivspolitik; tietosuoja; tietosuojaseloste; prywatność;
        polityka prywatności; rodo; ochrana osobních údajů; soukromí; конфиденциальность; политика конфиденциальности;
        персональные данные; gizlilik; kvkk; プライバシー; 個人情報; 隐私; 隱私
    """,
    Topic.ABOUT: """
        about; about us; who we are; our company; company; über uns; wir über uns; unternehmen; à propos;
        qui sommes nous; l entreprise; sobre nosotros; quiénes somos; la empresa; sobre nós; quem somos; a empresa;
        chi siamo; azienda; over ons; wie zijn wij; om oss; om os; tietoa meistä; meistä; o nas; kim jesteśmy; o nás;
        о нас; о компании; hakkımızda; 会社情報; 私たちについて; 关于我们; 關於我們
    """,
}

# Links behind which nobody looks for a way out or for an address: the way back, goods, articles, other networks.
_NOTHING = """
    home; home page; homepage; start; startseite; accueil; inicio; início; página inicial; pagina iniziale;
    strona główna; etusivu; hem; hjem; forside; domů; главная; ana sayfa; ホーム; 首页; top; back to top;
    skip to content; skip to main content; blog; news; aktuelles; magazine; articles; shop; store; cart; basket;
    warenkorb; products; produkte; produits; productos; produtos; prodotti; producten; prices; pricing; preise; gallery;
    facebook; instagram; twitter; x; linkedin; youtube; tiktok; pinterest; xing; mastodon; bluesky; search; suche; menu;
    close
"""


def _evened_words(table: str) -> list[str]:
    words = {evened(word) for word in table.split(";")}
    return sorted(words - {""}, key=lambda word: (-len(word), word))


def _has_blanks(word: str) -> bool:
    """Is it of a script that sets words apart: Latin, Greek, Cyrillic?"""
    return all(ord(mark) < 0x2E80 for mark in word)


def _pattern(table: str) -> re.Pattern[str]:
    words = _evened_words(table)
    apart = "|".join(re.escape(word) for word in words if _has_blanks(word))
    close = "|".join(re.escape(word) for word in words if not _has_blanks(word))
    return re.compile(rf"\b({apart})\b|{close}" if close else rf"\b({apart})\b")


_SOCIAL = """
    bsky.app facebook.com google.com instagram.com linkedin.com pinterest.com t.me threads.net tiktok.com twitter.com
    vimeo.com vk.com wa.me whatsapp.com x.com xing.com youtube.com
"""
SOCIAL = frozenset(_SOCIAL.split())
PATTERNS = {topic: _pattern(table) for topic, table in _WORDS.items()}
NOTHING = frozenset(_evened_words(_NOTHING))


def topic_of(words: str, path: str = "") -> Topic:
    """What a link leads to, by the words on it and then by the words of its path."""
    for text in (evened(words), evened(path)):
        if WAYS_OUT.search(text):
            return Topic.OPT_OUT
        for topic, pattern in PATTERNS.items():
            if pattern.search(text):
                return topic
    return Topic.OTHER


def leads_nowhere(words: str) -> bool:
    """Is it certain that a link with just these words is neither a way to opt out nor one to an address?"""
    return evened(words) in NOTHING
