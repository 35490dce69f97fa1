"""The process that is connected to a Ray cluster, and hands tasks on to it.

Deaths of workers and nodes are counted here and not by Ray, which would do a task that runs out of
memory again without end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from foundation.problem import Problem
from narrate.errors import RunnerError
from narrate.pipeline.runners import ray_node
from narrate.pipeline.runners.base import TRIES, Failure, OpenStore
from narrate.pipeline.runners.worker import make_death, pack_failure
from narrate.pipeline.step import Needs, Task
from narrate.pipeline.work import make_failure
from narrate.workers import ONE_THREAD, begin_worker

LOCAL = "local"
"""The address of a new cluster of this machine alone, which ends with the runner."""

ROOM, EVENT, ENDED, LOST = "room", "event", "ended", "lost"  # what the driver says, with a value

_LOOK = 5.0  # seconds between two looks at the nodes, which come and go
_PATIENCE = 900.0  # seconds without any node; clusters that grow by themselves take minutes
_FEWEST = 4  # tasks that are given to a cluster without nodes, which grows for them

REACH_REMEDY = (
    "Check that the cluster runs ('ray status'), that this machine reaches it, and that all "
    "machines have the same versions of Ray and Python."
)
_START_REMEDY = "Use the runner processes, or see Ray's log files below the temporary folder."
_MEMORY_REMEDY = "Memory may have run out: give the nodes more, or use fewer --jobs."


def drive(pipe: Connection, parent: int, open_store: OpenStore, address: str, jobs: int) -> None:
    """Connect to the cluster, and do the tasks that come through the pipe until it is closed."""
    begin_worker(parent)
    _silence()
    try:
        ray = _connect(address, jobs)
        try:
            asyncio.run(_Driver(ray, pipe, open_store, 0 if address == LOCAL else jobs).run())
        finally:
            ray.shutdown()
    except RunnerError as error:
        pipe.send((LOST, error.problem))
    except OSError:
        return  # the runner has closed the pipe


def _silence() -> None:
    """Ray prints to the standard output, which is that of the command and may be JSON."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _connect(address: str, jobs: int) -> Any:
    # Ray would tell its makers about each cluster that it starts.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray
    from ray import cloudpickle

    by_value: Any = cloudpickle.register_pickle_by_value
    by_value(ray_node)
    local = address == LOCAL
    # Without the last, a task that asks for no GPU would see them all.
    environment = {**ONE_THREAD, "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "1"}
    if local:  # its workers have our libraries, and shall have our sources
        ours = [str(Path(__file__).resolve().parents[3]), os.environ.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, ours))
    try:
        # Without a working folder of their own, all workers would import from this process's
        # folder, which may be a course by anybody.
        with tempfile.TemporaryDirectory(prefix="narrate-ray-") as empty:
            ray.init(
                address=address,
                num_cpus=jobs if local and jobs else None,
                include_dashboard=False if local else None,
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"working_dir": empty, "env_vars": environment},
            )
    except Exception as error:
        why = _explain(error)
        if local:
            raise RunnerError(f"Ray cannot be started: {why}.", remedy=_START_REMEDY) from error
        raise RunnerError(
            f"The cluster {address} cannot be reached: {why}.", remedy=REACH_REMEDY
        ) from error
    return ray


class _Driver:
    """Hands tasks on, and their events back."""

    def __init__(self, ray: Any, pipe: Connection, open_store: OpenStore, jobs: int) -> None:
        self._ray = ray
        self._pipe = pipe
        self._open_store = pickle.dumps(open_store)
        self._jobs = jobs
        self._work = ray.remote(max_retries=0)(ray_node.work)
        self._news = _start_news(ray)
        self._nodes: list[Needs] = []
        self._doing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Raises RunnerError if the cluster is lost."""
        closed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def read() -> None:
            try:
                while True:
                    loop.call_soon_threadsafe(self._begin, self._pipe.recv_bytes())
            except (EOFError, OSError):
                loop.call_soon_threadsafe(closed.set)

        await self._look_at_nodes()
        threading.Thread(target=read, daemon=True).start()
        ways = [closed.wait(), self._pass_news_on(), self._watch_nodes()]
        ended, _ = await asyncio.wait(
            map(asyncio.ensure_future, ways), return_when=asyncio.FIRST_COMPLETED
        )
        for way in ended:
            way.result()

    def _say(self, what: str, value: object) -> None:
        self._pipe.send_bytes(pickle.dumps((what, value)))

    def _begin(self, packed: bytes) -> None:
        doing = asyncio.ensure_future(self._do(packed))
        self._doing.add(doing)  # a loop alone does not keep its tasks
        doing.add_done_callback(self._doing.discard)

    async def _do(self, packed: bytes) -> None:
        task: Task = pickle.loads(packed)[1]
        for deaths in range(TRIES):
            answer = await self._attempt(task, packed, deaths)
            if answer is not None:
                break
        else:
            answer = pack_failure(make_death(task, _MEMORY_REMEDY))
        self._say(ENDED, (task.id, answer))

    async def _attempt(self, task: Task, packed: bytes, deaths: int) -> bytes | None:
        """Do a task once. Gives its failure or None, as bytes; or None if its worker died."""
        exceptions = self._ray.exceptions
        needs = fit_needs(task.needs, self._nodes, deaths)
        work = self._work.options(
            num_cpus=needs.cpu, memory=needs.memory, num_gpus=needs.gpu, name=task.kind
        )
        try:
            said, value = await work.remote(task.id, packed, self._open_store, self._news)
        except exceptions.RayTaskError as error:
            return pack_failure(make_failure(error, task))
        except exceptions.RuntimeEnvSetupError as error:
            problem = Problem(f"A node cannot be prepared: {_explain(error)}.", REACH_REMEDY)
            return pack_failure(Failure(RunnerError, problem))
        except exceptions.RayError:
            return None
        return read_answer(said, value)

    async def _pass_news_on(self) -> None:
        while True:
            try:
                news = await self._news.take.remote()
            except self._ray.exceptions.RayError:
                await asyncio.sleep(1)  # its node died, and it is started on another one
                continue
            for packed in news:
                self._say(EVENT, pickle.loads(packed))

    async def _watch_nodes(self) -> None:
        last = time.monotonic()
        while self._nodes or time.monotonic() - last < _PATIENCE:
            last = time.monotonic() if self._nodes else last
            await asyncio.sleep(_LOOK)
            await self._look_at_nodes()
        raise RunnerError(
            "The cluster has no node with a processor for tasks.",
            remedy="Start nodes that join it, with 'ray start --address'.",
        )

    async def _look_at_nodes(self) -> None:
        # A lost cluster keeps it waiting.
        nodes = await asyncio.to_thread(self._ray.nodes)
        has = [node["Resources"] for node in nodes if node["Alive"]]
        self._nodes = [
            Needs(node["CPU"], int(node.get("memory", 0)), node.get("GPU", 0.0))
            for node in has
            if node.get("CPU")
        ]
        # As many tasks again as can run wait at the nodes, so that these are never idle, and so
        # that a cluster that can grow sees that it should.
        room = max(_FEWEST, 2 * int(sum(node.cpu for node in self._nodes)))
        self._say(ROOM, self._jobs or room)


def _start_news(ray: Any) -> Any:
    """The actor that gathers what workers report, on this machine if it is a node."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=True)
    actor = ray.remote(ray_node.News).options(num_cpus=0, max_restarts=-1, scheduling_strategy=here)
    return actor.remote()


def read_answer(said: str, value: Any) -> bytes:
    """The failure or None, as bytes, that a node has answered."""
    if said == ray_node.MISSING:
        problem = Problem(
            f"A node of the cluster lacks this program: {value}.",
            "Install narrate with the extra cluster on every node.",
        )
        return pack_failure(Failure(RunnerError, problem))
    assert isinstance(value, bytes)
    return value


def fit_needs(needs: Needs, nodes: list[Needs], deaths: int = 0) -> Needs:
    """What to ask of the cluster for a task: no more than its largest node has, since the task
    would wait for ever, and more memory after each death."""
    able = [node for node in nodes if node.gpu] if needs.gpu else nodes
    node = max(able or nodes or [needs], key=lambda node: (node.cpu, node.memory))
    return Needs(
        min(needs.cpu, node.cpu),
        min(needs.memory << deaths, node.memory),
        min(needs.gpu, node.gpu),
    )


def _explain(error: Exception) -> str:
    """The first line of an error, without the full stop at its end."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
