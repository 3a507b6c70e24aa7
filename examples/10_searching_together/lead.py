"""Lead the room: start the scheduler, make the room's key, and say what the others type.

    python lead.py
    python lead.py --address 192.168.0.5 --port 8786

The scheduler gives the work to all computers that join. Ctrl-C ends it, and so does a closed lid:
leave this computer open. Started again, it goes on with the same key.
"""

import argparse
import asyncio
import sys
from importlib.metadata import version
from pathlib import Path

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin

import common
from halving import counted
from training import VERSIONS

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--address", default=common.own_address(), help="of this computer")
parser.add_argument("--port", type=common.port, default=8786)
parser.add_argument("--key", type=Path, default=common.KEY, help="the folder of the room's key")
INVITATION = """
======================================================================

  Hand round the folder  {folder}
  (by stick or by chat) and put it into

      examples/10_searching_together

  Whoever has it gets in, for {hours:.0f} hours from now, and can run any
  program on every computer that has joined. Nobody else gets in.
  So give it to nobody whom you would not lend your computer.

  Then everybody types, in examples/10_searching_together:

      python join.py {address}

  And one of you:

      python search.py --scheduler {address} --seed 1

======================================================================
"""


class Visitors(SchedulerPlugin):
    """Says who comes and who goes."""

    def __init__(self):
        self.names = {}  # by address

    def add_worker(self, scheduler, worker):
        state = scheduler.workers[worker]
        self.names[worker] = state.name
        print(f"{state.name} joins: {cores(len(self.names))}", flush=True)
        (theirs,) = state.resources or [""]
        if theirs != VERSIONS:
            print(f"  but gets no work: it {common.differences(theirs, VERSIONS)}.", flush=True)

    def remove_worker(self, scheduler, worker, **details):
        name = self.names.pop(worker)
        print(f"{name} leaves: {cores(len(self.names))}", flush=True)


def cores(number):
    return f"{counted(number, 'core')} in the room"


def open_files(many=4096):
    """Let this process open many files, where the system would stop at few: two for each core.

    Returns
    -------
    limit : int, how many it may open now; many on Windows, which counts in another way
    """
    try:
        import resource
    except ImportError:
        return many
    limit, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit < many:
        limit = many if highest == resource.RLIM_INFINITY else min(many, highest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, highest))
    return limit


async def lead(address, port, folder):
    """Serve until Ctrl-C."""
    limit = open_files()
    if limit < 1000:
        print(f"This computer may open {limit} files: about {limit // 2 - 10} cores can join.")
    if common.hours_left(folder) < 4:
        common.make_key(folder)
    packages = [f"{name}=={version(name)}\n" for name in ("scikit-learn", "numpy", "distributed")]
    (folder / "constraints.txt").write_text("".join(packages), encoding="utf-8")
    scheduler = Scheduler(
        host=address,
        port=port,
        protocol="tls://",
        security=common.security(folder),
        plugins=[Visitors()],
        dashboard=False,
        dashboard_address="127.0.0.1:0",
    )
    scheduler.handlers["versions"] = lambda: VERSIONS  # join.py asks for them
    async with scheduler:
        hours = common.hours_left(folder)
        print(INVITATION.format(folder=folder, hours=hours, address=scheduler.address), flush=True)
        await scheduler.finished()


if __name__ == "__main__":
    options = parser.parse_args()
    try:
        asyncio.run(lead(options.address, options.port, options.key.resolve()))
    except (OSError, RuntimeError) as error:
        why = error.__cause__ or error
        sys.exit(f"The scheduler cannot start at {options.address}, port {options.port}: {why}")
    except KeyboardInterrupt:
        sys.exit("Ended. Started again, it takes up where it was.")
