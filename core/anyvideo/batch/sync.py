"""Runs the jobs of a list side by side in threads, for the blocking client."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Self

from anyvideo.batch.batch_run import BatchRun
from anyvideo.batch.orders import Order
from anyvideo.batch.result import JobResult
from anyvideo.batch.steps import list_faults, make_video
from anyvideo.transport.steps import Steps


class ResultIterator:
    """An iterator over the results of a run, in the order in which the jobs end.

    Nothing is sent before the first result is asked for. After `leave` every other job ends at once
    as "not sent" or as it stands, so that the iterator comes to its end.
    """

    def __init__(self, batch_run: BatchRun, run: Callable[[Steps[JobResult]], JobResult]) -> None:
        self.batch_run = batch_run
        self._run = run
        self._todo = deque(batch_run.batch.orders)
        self._ready = SimpleQueue[JobResult | BaseException]()
        self._left = len(self._todo) + len(batch_run.batch.faults)
        self._threads: list[threading.Thread] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> JobResult:
        if not self._left:
            raise StopIteration
        if not self._threads:
            self._begin()
        result = self._ready.get()
        self._left -= 1
        if isinstance(result, BaseException):
            raise result
        return result

    def leave(self) -> None:
        """Begin nothing new; jobs that are on their way end as soon as nothing paid is in flight."""
        self.batch_run.stop.set()

    def interrupt(self, error: BaseException) -> None:
        """Leave the run, and raise an error between two results, so that none is lost.

        A handler of a signal may call it.
        """
        self.leave()
        self._left += 1
        self._ready.put(error)

    def close(self) -> None:
        """Leave the run, and wait for the paid requests in flight."""
        self.leave()
        for thread in self._threads:
            thread.join()

    def _begin(self) -> None:
        for result in list_faults(self.batch_run.batch):
            self._ready.put(result)
        # A second Ctrl-C ends the process, so it waits for no thread; the journal knows the rest.
        self._threads = [
            threading.Thread(target=self._work, name=f"anyvideo-map-{number}", daemon=True)
            for number in range(max(1, min(self.batch_run.at_once, len(self._todo))))
        ]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        while order := self._take():
            try:
                self._ready.put(self._run(make_video(self.batch_run, order)))
            except BaseException as error:  # noqa: BLE001 (it is raised where the results are read)
                self.leave()
                self._ready.put(error)

    def _take(self) -> Order | None:
        try:
            return self._todo.popleft()
        except IndexError:
            return None
