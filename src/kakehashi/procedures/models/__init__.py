"""Tables of the room."""

from kakehashi.procedures.models.procedure import Procedure, ProcedureText

__all__ = ["Procedure", "ProcedureText"]
