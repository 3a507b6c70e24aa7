"""Hand out networks to be trained, with Dask, and bring in the results, whatever breaks."""

import queue
import signal
import sys
import time
import uuid
from contextlib import contextmanager

from distributed import Client, LocalCluster
from distributed.comm.core import FatalCommClosedError

import common
import training

AGAIN = 2  # seconds until a scheduler that was lost is called again


@contextmanager
def at(scheduler, key, cores):
    """Give the address and the security of a scheduler, as the value of a with statement.

    scheduler : str, the room's; None: start Dask here, a worker process for each of the cores
    key : Path of the folder of the room's key
    """
    if scheduler:
        print(f"Calling {scheduler} ...", flush=True)
        yield scheduler, common.security(key)
        return
    print(f"Starting {cores} worker processes; for these few seconds, Ctrl-C does nothing ...")
    sys.stdout.flush()
    # Ctrl-C reaches them, too, and must not hit them half-made: they learn from us to ignore it.
    on_ctrl_c = signal.signal(signal.SIGINT, signal.SIG_IGN)
    with LocalCluster(
        n_workers=cores,
        threads_per_worker=1,
        security=True,  # so that not even others on this computer can send it work
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=common.QUIET,
        preload=["training"],
    ) as here:
        signal.signal(signal.SIGINT, on_ctrl_c)
        yield here.scheduler_address, here.security


def train(jobs, scheduler, security, until=float("inf")):
    """Have networks trained, and yield each result as it comes.

    Parameters
    ----------
    jobs : dict of name: (settings, epochs, seed)
    scheduler : str, its address
    security : distributed.Security, with which it speaks
    until : float, in time.monotonic()'s seconds; what is not done by then is left

    Yields
    ------
    name : of the job
    result : dict with score, seconds, the computer that did it, and its versions

    When the scheduler is lost, it is called until it answers, and gets what is not done yet. When
    a worker is lost, the scheduler gives its work to another.
    """
    topic = f"scores {uuid.uuid4().hex}"
    waiting = dict(jobs)
    while waiting and time.monotonic() < until:
        try:
            with Client(scheduler, security=security, timeout=10, set_as_default=False) as client:
                yield from _results_until_lost(client, topic, waiting, until)
        except FatalCommClosedError:
            raise RuntimeError(f"{scheduler} refuses your key: it is not the room's.") from None
        except OSError:
            pass
        if waiting and time.monotonic() < until:
            print(f"{scheduler} does not answer; calling it again ...", flush=True)
            time.sleep(AGAIN)


def _results_until_lost(client, topic, waiting, until):
    """Yield results until all are in or the scheduler is lost; take their jobs out of waiting."""
    events = queue.SimpleQueue()
    client.subscribe_topic(topic, lambda event: events.put(event[1]))
    ours = training.VERSIONS
    futures = {}
    for name, job in waiting.items():
        key = f"{topic}: {name}"
        futures[name] = client.submit(
            training.report, topic, name, *job, key=key, resources={ours: 1}, retries=3
        )
    told = set()
    while waiting and time.monotonic() < until:
        try:
            event = events.get(timeout=0.5)
        except queue.Empty:
            states = {future.status for future in futures.values()}
            if client.status != "running" or "cancelled" in states or "lost" in states:
                return
            for future in futures.values():
                if future.status == "error":
                    problem = future.exception()
                    raise RuntimeError(f"A network cannot be trained: {problem}") from problem
            _tell_who_cannot_help(client.scheduler_info()["workers"].values(), ours, told)
            continue
        name = event.pop("name")
        if name in waiting:
            del waiting[name], futures[name]
            yield name, event


def _tell_who_cannot_help(workers, ours, told):
    """Print, once, who gets no work because it has other versions, or that nobody can help."""
    news = []
    for worker in workers:
        (theirs,) = worker["resources"] or [""]
        if theirs != ours:
            news.append(f"{worker['name']} gets no work: it {common.differences(theirs, ours)}.")
    if len(news) == len(workers):
        others = "else " if workers else ""
        news.append(f"Nobody {others}has joined yet. The work begins when somebody does.")
    for sentence in news:
        if sentence not in told:
            print(sentence, flush=True)
            told.add(sentence)
