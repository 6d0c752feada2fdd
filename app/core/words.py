"""Marks text that is shown to a clerk, so that the translation tools find it outside `ui` too."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - the name that the extraction tool looks for
    """Return `text` unchanged; `ui` looks its translation up under the same context when it shows it."""
    return text
