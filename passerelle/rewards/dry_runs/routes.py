"""HTTP of dry runs of programs."""

from typing import Annotated

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.programs.errors import ProgramNotFound
from passerelle.programs.schemas import ProgramId
from passerelle.rewards.dry_runs.schemas import DryRunIn, ProgramDryRunOut
from passerelle.rewards.dry_runs.service import dry_run as run_dry

router = Router(prefix="/api/v1", tags=["programs"])


@router.post("/programs/{program_id}/dry-run", responses=refusals(ProgramNotFound))
async def dry_run(
    program_id: ProgramId, body: DryRunIn, tx: Annotated[Tx, allow("programs:read")]
) -> ProgramDryRunOut:
    """What another goal, or ending the program, would mean to its members; writes nothing."""
    return await run_dry(tx, program_id, body)
