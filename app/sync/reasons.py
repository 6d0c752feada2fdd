"""Why an act needs a person, where it is not head office that says so: words for the clerk."""

from __future__ import annotations

from app.core.words import QT_TRANSLATE_NOOP

LOST_WITH_THE_BACKUP = QT_TRANSLATE_NOOP(
    "errors",
    "Head office had this, was put back to an earlier state and has it no longer; nothing was done twice. "
    "Send it again, or set it aside.",
)
FILED_ELSEWHERE = QT_TRANSLATE_NOOP(
    "errors", "{name} has filed this already, at another desk. Nothing was done twice. Set this aside."
)
OUTCOME_UNKNOWN = QT_TRANSLATE_NOOP(
    "errors",
    "Nobody can say whether head office has this: no answer came, and it cannot be asked. It was not sent again. "
    "Look there, then set it aside or do it anew.",
)
HELD_TWICE = QT_TRANSLATE_NOOP(
    "errors", "Head office holds this more than once: {ids}. Let one of them be closed there, then set this aside."
)
