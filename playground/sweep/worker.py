"""`python -m playground.sweep.worker FOLDER`: a worker process on this machine.

It is started as a command. A process that multiprocessing spawns would first run the main module
of its parent, which is app.py, as __mp_main__.

The address of the scheduler comes by standard input, because a worker imports for longer than the
scheduler takes to start. When that input ends, the worker ends: it does not outlive the app, even
if the app is killed.
"""

import asyncio
import logging
import os
import shutil
import signal
import sys
from threading import Thread

NICE = 10  # pages come first


def main(folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command that started it
    if hasattr(os, "nice"):
        os.nice(NICE)
    import dask
    from distributed import Worker

    from playground.cpu_semaphore import CPU_SEMAPHORE
    from playground.sweep import stint  # noqa: F401  imported while the scheduler starts
    from playground.sweep.dask_settings import QUIET

    CPU_SEMAPHORE.size = 1  # there is a worker for each core
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    address = sys.stdin.readline().strip()
    if not address:
        return
    Thread(target=_end_with_input, args=(folder,), daemon=True).start()

    async def work() -> None:
        worker = Worker(address, nthreads=1, memory_limit=0, local_directory=folder)
        await worker
        await worker.finished()

    with dask.config.set(QUIET):
        asyncio.run(work())


def _end_with_input(folder: str) -> None:
    sys.stdin.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
