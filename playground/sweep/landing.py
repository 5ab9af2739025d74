"""A run of a sweep as a checkpoint, as the library keeps those of the pages."""

import io
from dataclasses import replace

from data.dataset import Splits
from playground.run import Checkpoint, Run, Status
from playground.saved import SavedRun, load_run
from playground.sweep.trial import Trial, TrialStatus
from playground.trainer import Trainer
from playground.training import Training

STATUSES = {
    TrialStatus.DONE: Status.DONE,
    TrialStatus.STOPPED: Status.STOPPED,
    TrialStatus.FAILED: Status.FAILED,
    TrialStatus.CANCELLED: Status.PAUSED,
}


def checkpoint_of(trial: Trial, data: Splits) -> Checkpoint:
    """The run at its last saved state, under its own token: a page continues it as one of its own
    runs.
    """
    if trial.content is None:  # it diverged before the end of its first stint
        trainer = Trainer(trial.config, data)
        saved = SavedRun.of(trainer, Training(trainer).history.curves(), trial.seconds)
    else:
        saved = load_run(io.BytesIO(trial.content))
    run = Run(trial.config, data, saved=saved, token=trial.token)
    shown = replace(run.snapshot, status=STATUSES[trial.status], message=trial.message)
    return Checkpoint(shown, saved)
