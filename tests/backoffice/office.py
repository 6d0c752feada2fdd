"""A back office without HTTP, for the rules: what is asked of it, and what it then holds."""

from __future__ import annotations

from typing import Any

from backoffice.documents import Document
from backoffice.operations import Act, Operations
from backoffice.querying import Query, find
from backoffice.resources import RESOURCES
from backoffice.scopes import EVERYTHING
from backoffice.store import Store
from tests.backoffice.contract import faults_in
from tests.fakes.clock import FakeClock

Body = dict[str, Any]


class Office:
    """Carries out acts and looks at records. Whatever it answers and holds must be as the swaggers say."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.scope = EVERYTHING
        self.author = ""
        self._operations = Operations(store, clock)

    def ask(self, collection: str, key: str | None = None, parent_id: str = "", **body: Any) -> Body:
        """POST; what was made of it. Who asks sees what is in `self.scope`."""
        act = Act(
            "POST", RESOURCES[collection], "", "tests", content=body, key=key, parent_id=parent_id, author=self.author
        )
        answer = self._operations.perform(act, self.scope)
        made = answer.document.body
        assert not (faults := faults_in(collection, made)), faults
        return made

    def change(self, collection: str, record_id: str, parent_id: str = "", **patch: Any) -> Body:
        """PATCH; what became of it."""
        act = Act(
            "PATCH", RESOURCES[collection], record_id, "tests", content=patch, parent_id=parent_id, author=self.author
        )
        return self._operations.perform(act, EVERYTHING).document.body

    def delete(self, collection: str, record_id: str) -> None:
        """DELETE."""
        self._operations.perform(Act("DELETE", RESOURCES[collection], record_id, "tests"), EVERYTHING)

    def has(self, collection: str, record_id: str, **body: Any) -> None:
        """Let there be a record, as if imported."""
        self.store.load([Document(collection, record_id, body)])

    def get(self, collection: str, record_id: str) -> Body:
        """A record that is there."""
        with self.store.reading(EVERYTHING) as reader:
            found = reader.get(collection, record_id)
        assert found is not None
        assert found.text is not None
        assert not (faults := faults_in(collection, found.body)), faults
        return found.body

    def every(self, collection: str) -> list[Body]:
        """All records of a collection, by id."""
        with self.store.reading(EVERYTHING) as reader:
            return [one.body for one in find(reader, Query(collection))[0]]
