"""Lend your computer to the room: train the networks that the scheduler sends.

    python join.py tls://192.168.0.5:8786
    python join.py tls://192.168.0.5:8786 --cores 2 --name anna

It needs the room's key: the folder room_key, from whoever leads, beside this script. Each core
trains one network at a time, and needs half a gigabyte. Ctrl-C takes your computer back. When the
scheduler cannot be reached, it tries again until it can.
"""

import argparse
import asyncio
import os
import socket
import sys
import tempfile
from pathlib import Path

from distributed import Nanny, rpc
from distributed.comm.core import FatalCommClosedError

import common
import mnist
from training import VERSIONS

WAIT = 3  # seconds until it calls the scheduler again

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument(
    "scheduler", type=common.address, help="its address, such as tls://192.168.0.5:8786"
)
parser.add_argument(
    "--cores", type=common.at_least_one, default=os.cpu_count(), help="how many you lend"
)
parser.add_argument("--name", default=socket.gethostname(), help="what the others see")
parser.add_argument("--key", type=Path, default=common.KEY, help="the folder of the room's key")


async def scheduler_answers(address, security):
    """Wait until the scheduler answers, and return its versions."""
    told = False
    while True:
        try:
            async with rpc(address, connection_args=security.get_connection_args("worker")) as call:
                return await asyncio.wait_for(call.versions(), 15)
        except (OSError, asyncio.TimeoutError) as error:
            if not told:
                refused = isinstance(error, FatalCommClosedError)
                print(address, "refuses your key." if refused else "does not answer.")
                print(f"Calling it again every {WAIT} seconds; Ctrl-C ends it.", flush=True)
                told = True
        await asyncio.sleep(WAIT)


def first_cause(error):
    """Return the error that led to all the others."""
    while error.__cause__:
        error = error.__cause__
    return error


async def lend_core(name, address, security, folder):
    """Work for the scheduler on one core, and begin again when it was lost."""
    while True:
        await scheduler_answers(address, security)
        ended = "has lost the scheduler."
        try:
            async with Nanny(
                address,
                nthreads=1,
                name=name,
                host=common.own_address(address),
                security=security,
                memory_limit=0,
                silence_logs=common.QUIET,
                local_directory=folder,
                preload=["training"],
                dashboard_address="127.0.0.1:0",
            ) as nanny:
                print(f"{name} is ready.", flush=True)
                await nanny.finished()
        except (OSError, asyncio.TimeoutError):
            pass
        except RuntimeError as error:  # the worker could not start, and Dask tells why
            why = str(first_cause(error))
            if "name taken" in why:
                why = "this name is in the room already, and --name takes another"
            ended = f"cannot join: {why}. Trying again ..."
        print(name, ended, flush=True)
        await asyncio.sleep(WAIT)


async def join(options, folder):
    security = common.security(options.key.resolve())
    print(f"Calling {options.scheduler} ...", flush=True)
    theirs = await scheduler_answers(options.scheduler, security)
    if theirs != VERSIONS:
        print(f"You will get no work: the room {common.differences(theirs, VERSIONS)}.")
        print(f"To have what the room has: pip install -r {options.key / 'constraints.txt'}")
    names = [f"{options.name}-{number}" for number in range(1, options.cores + 1)]
    cores = [lend_core(name, options.scheduler, security, folder) for name in names]
    await asyncio.gather(*cores)


if __name__ == "__main__":
    options = parser.parse_args()
    try:
        mnist.load()  # what is missing here is better met now
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            asyncio.run(join(options, folder))
    except mnist.MNISTError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Your computer is yours again.")
