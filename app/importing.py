"""Loading a roster file in the background: the service does it, the refused rows come back in words."""

from __future__ import annotations

from typing import Any

from app.documents import refused_rows
from app.domain.vocabulary import JobKind
from app.services.jobs import Running, job
from app.services.roster_import import Outcome, uploads


@job(JobKind.IMPORT)
def run(running: Running, upload_id: int, act: str) -> dict[str, Any]:
    """Try an upload or load it; `page` is where the reader goes on. Raises FileRefused, UploadDone."""

    def progress(rows: int) -> None:
        running.advance(rows, phase="reading")

    if act == uploads.TRY:
        uploads.try_out(upload_id, running.actor, running.now, progress)
        return {"page": f"/import/{upload_id}"}
    outcome = uploads.load(upload_id, running.actor, running.now, progress)
    keep_refused(outcome)
    return {"page": f"/import/{upload_id}/result"}


def keep_refused(outcome: Outcome) -> None:
    """Keep the refused rows of a load as a file to correct and load again."""
    if outcome.batch_id is not None and outcome.rejects:
        suffix, pieces = refused_rows(outcome)
        uploads.keep_refused(outcome.batch_id, pieces, f"未导入记录 {outcome.file_name[-80:]}{suffix}")
