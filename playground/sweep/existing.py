"""A cluster that exists already, named by PLAYGROUND_DASK=tcp://…"""

from collections.abc import Mapping

from distributed import Client

from playground.formatting import counted
from playground.sweep import shipping
from playground.sweep.clusters import DASK, GONE
from playground.sweep.dask_settings import use_settings
from playground.sweep.errors import SweepError

CONNECTING = 5.0  # seconds
# What must be the same there: Dask promises nothing between versions, and others of NumPy and SciPy
# may round differently.
SAME = ("distributed", "cloudpickle", "numpy", "scipy")
NEEDED = ("threadpoolctl", "platformdirs", "PIL", "requests", "mlxtend", "plotly")
NO_WORKERS = "The cluster has no workers now. The sweep goes on as soon as it has some."


class Existing:
    """The cluster at this address, with this app's code on its workers.

    Raises SweepError if there is none, or if its versions do not fit.
    """

    def __init__(self, address: str) -> None:
        self.address, self.trouble = address, ""
        use_settings()
        try:
            self.client = Client(address, timeout=CONNECTING, set_as_default=False)
        except Exception as error:  # of the network, of the address, or of Dask's handshake
            raise _no_answer(address, error) from error
        try:
            self._check()
            code = shipping.code()
            self.client.register_plugin(code, name=code.name)
            runs = counted(self.n_workers, "run")
            self.about = f"The cluster at {address[:100]} trains {runs} at once."
        except SweepError:
            self.close()
            raise
        except Exception as error:  # it has ended meanwhile
            self.close()
            raise _no_answer(address, error) from error

    @property
    def n_workers(self) -> int:
        return sum(self.client.nthreads().values())

    @property
    def is_gone(self) -> bool:
        return self.client.status != "running"

    def grow(self, workers: int) -> None:
        """Its size is not this app's affair."""

    def tend(self) -> None:
        """Its own nannies replace workers, or its owner does. Dask connects to it again."""
        try:
            self.trouble = "" if self.n_workers else NO_WORKERS
        except Exception as error:  # of the network, or of Dask
            if self.client.status == "closed":  # after CONNECTING seconds
                raise SweepError(GONE) from error

    def abandon(self) -> None:
        """Tasks of others may run there: a stint ends by itself."""

    def close(self) -> None:
        self.client.close(timeout=CONNECTING)

    def _check(self) -> None:
        found = self.client.run(shipping.versions, SAME, NEEDED)
        if (sentence := misfit(self.address, shipping.versions(SAME, ()), found)) is not None:
            raise SweepError(sentence)


def misfit(
    address: str, here: Mapping[str, str], there: Mapping[str, Mapping[str, str]]
) -> str | None:
    """Why the workers of a cluster cannot train as this app does; None if they can.

    here   versions by name
    there  the same for each worker, "" for what is missing
    """
    if not there:
        return (
            f"The cluster at {address} has no workers. Start some there, or unset PLAYGROUND_DASK "
            "to sweep on this machine."
        )
    for worker, versions in there.items():
        for name, version in versions.items():
            wanted = here.get(name, version)
            if version and version == wanted:
                continue
            has = f"{name} {version}, this app {wanted}" if version else f"no {name}"
            return (
                f"The cluster at {address} does not fit: its worker {worker} has {has}. Install "
                "the same there, with pip install -r requirements.txt, or unset PLAYGROUND_DASK "
                "to sweep on this machine."
            )
    return None


def _no_answer(address: str, error: Exception) -> SweepError:
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")[:200]
    return SweepError(
        f"{DASK} names a cluster at {address[:100]}, which does not answer: {reason}. Start it, "
        f"name another, or unset {DASK} to sweep on this machine."
    )
