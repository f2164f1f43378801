"""What our migrations do that Django and pgtrigger have no operation for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger
from pgtrigger.migrations import AddTrigger


class AtOnce(Operation):
    """Operations one after another, among models that are put together once, when the last one is known.

    Django puts the models around each change together again; where all are tied to a municipality, that is
    every one of them, and thirty new ones took longer than the rest of a first start. For what needs no state
    between: each finds its models as they are before all of it, or after. A new model is made as it is after
    all of it, so that its later fields, indexes and constraints are there already.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        if "apps" in vars(state):
            del state.apps
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self._done():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self._done()):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations at once"

    def _done(self) -> list[Operation]:
        new = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        later = (FieldOperation, IndexOperation)
        return [
            operation
            for operation in self.operations
            if not (isinstance(operation, later) and vars(operation)["model_name"].lower() in new)
        ]


class AddTriggers(Operation):
    """All triggers of a migration at once: model → triggers.

    pgtrigger's own operation adds one, and for each the models around its table are put together again. With
    eighty triggers that was nearly half of a first start.
    """

    def __init__(self, triggers: Mapping[str, Sequence[Trigger]]) -> None:
        self.triggers = triggers

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for model, triggers in self.triggers.items():
            options = state.models[app_label, model].options
            options["triggers"] = [*options.get("triggers", []), *triggers]
        state.reload_models([(app_label, model) for model in self.triggers])

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self._each():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self._each():
            # Backwards, pgtrigger looks for the model in the state it goes to; it is in both.
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create the triggers of {', '.join(self.triggers)}"

    def _each(self) -> list[Any]:
        return [
            AddTrigger(model_name=model, trigger=trigger)
            for model, triggers in self.triggers.items()
            for trigger in triggers
        ]
