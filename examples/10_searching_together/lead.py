"""Lead the room: start the scheduler, make the room's key, and say what the others type.

    python lead.py
    python lead.py --address 192.168.0.5 --port 8786

The scheduler gives the work to all computers that join. Ctrl-C ends it, and so does a closed lid:
leave this computer open. Started again, it goes on with the same key.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from distributed import Scheduler
from distributed.diagnostics.plugin import SchedulerPlugin

import room
from training import versions

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--address", default=room.own_address(), help="of this computer, for the room")
parser.add_argument("--port", type=int, default=8786)
parser.add_argument("--key", type=Path, default=room.KEY, help="the folder of the room's key")
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
        if theirs != versions():
            print(f"  but gets no work: it {room.differences(theirs, versions())}.", flush=True)

    def remove_worker(self, scheduler, worker, **details):
        name = self.names.pop(worker)
        print(f"{name} leaves: {cores(len(self.names))}", flush=True)


def cores(number):
    return "1 core in the room" if number == 1 else f"{number} cores in the room"


async def lead(address, port, folder):
    """Serve until Ctrl-C."""
    if room.hours_left(folder) < 4:
        room.make_key(folder)
    scheduler = Scheduler(
        host=address,
        port=port,
        protocol="tls://",
        security=room.security(folder),
        plugins=[Visitors()],
        dashboard=False,
        dashboard_address="127.0.0.1:0",
    )
    scheduler.handlers["versions"] = versions  # join.py asks for them
    async with scheduler:
        hours = room.hours_left(folder)
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
