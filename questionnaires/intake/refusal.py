"""Why a file is not taken."""


class FileRefused(Exception):
    """The file may not be evidence; the sentence names it, says why, and says what to do."""
