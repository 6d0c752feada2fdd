"""The window's language: our own translations and Qt's, changed without a restart."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from ui.theme.files import TRANSLATIONS

_worn: list[QTranslator] = []


def install(app: QCoreApplication, language: str) -> None:
    """Speak `language` (`en`, `zh_CN`) from now on; every widget hears of it by a LanguageChange event."""
    QLocale.setDefault(QLocale(language))
    for translator in _worn:
        app.removeTranslator(translator)
    _worn.clear()
    if not language.startswith("en"):
        _worn.extend(_loaded(app, language))
    for translator in _worn:
        app.installTranslator(translator)


def _loaded(app: QCoreApplication, language: str) -> list[QTranslator]:
    folders = {
        f"qtbase_{language}": QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath),
        f"trunkline_{language}": str(TRANSLATIONS),
    }
    translators = [(QTranslator(app), name, folder) for name, folder in folders.items()]
    return [translator for translator, name, folder in translators if translator.load(name, folder)]
