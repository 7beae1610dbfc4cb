"""Ids of programs on the wire, for every schema of theirs."""

from typing import Annotated
from uuid import UUID

from passerelle.kit.ids import WireId

ProgramId = Annotated[UUID, WireId("prg")]
MembershipId = Annotated[UUID, WireId("mem")]
TransferId = Annotated[UUID, WireId("trf")]
TemplateId = Annotated[UUID, WireId("tpl")]
