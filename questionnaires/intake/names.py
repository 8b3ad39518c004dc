"""A file's name, made safe to show and to download by. It is never used as a place on disk."""

import re
import unicodedata

from questionnaires.intake.refusal import FileRefused

LONGEST_NAME = 120  # characters, with the ending
LONGEST_ENDING = 10
LONGEST_READ = 4096  # characters of what was sent that are looked at
RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*%;\\/]')  # by some file system, or in a header


def safe_name(sent: str) -> str:
    """The last part of the name, without what hides, reorders or escapes. Raises FileRefused when none is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent[-LONGEST_READ:]))[-1]
    # Cc: control; Cf: invisible, among them those that turn the direction of writing; Cs, Co, Cn: no characters at all
    seen = "".join(
        " " if unicodedata.category(one).startswith("Z") else one
        for one in last
        if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    plain = " ".join(FORBIDDEN.sub("_", seen).split()).rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    stem = stem.strip(". ")
    if not stem.strip("_-"):
        raise FileRefused("The file has no name that can be kept. Rename it to something like form.pdf.")
    if RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"file-{stem}"
    if len(ending) > LONGEST_ENDING:
        raise FileRefused(f"{plain[:LONGEST_NAME]} has no ending that we know. Rename it to something like form.pdf.")
    room = LONGEST_NAME - len(ending) - len(dot)
    return f"{stem[:room].rstrip('. ')}{dot}{ending}"
