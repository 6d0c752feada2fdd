"""Marks text that is shown to a clerk, so that the translation tools find it outside `ui` too."""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 - the name that the extraction tool looks for
    """Return `text` unchanged; `ui` looks its translation up under the same context when it shows it."""
    return text


def said_of(sentence: str, **words: str) -> str:
    """One of our own sentences with the words to fill in, as one text that can be kept and still be translated."""
    return "\n".join((sentence, *(f"{name}={word}" for name, word in words.items())))


def sentence_of(said: str) -> tuple[str, dict[str, str]]:
    """What `said_of` joined; any other text is a sentence that takes no words."""
    sentence, *lines = said.split("\n")
    pairs = [line.partition("=") for line in lines]
    if not all(equals and name.isidentifier() and f"{{{name}}}" in sentence for name, equals, _ in pairs):
        return said, {}
    return sentence, {name: word for name, _, word in pairs}
