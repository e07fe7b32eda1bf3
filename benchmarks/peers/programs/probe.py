"""Measures one client inside its environment, and prints what it found as one line of JSON.

usage: probe.py MODULE COMMAND URL [VALUE ...]
"""

import importlib
import json
import resource
import sys
import time

TIMEOUT = 2  # seconds, in place of a minute or more, where the answer does not come
BATCHES = 5
RAMP = 4  # seconds in which jobs are picked up, one after the other


def read_memory(name):
    """Return a figure of this process in KiB: VmRSS is now, VmHWM the most so far."""
    try:
        with open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 (pathlib costs what is measured)
            return next(int(line.split()[1]) for line in lines if line.startswith(name))
    except OSError:  # no Linux: the most so far is all there is
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most // 1024 if sys.platform == "darwin" else most


def start(module, url):
    """When the client is made and when it has its first answer, and the memory that took."""
    client = importlib.import_module(module).Client(url)
    made, memory = time.time(), read_memory("VmHWM")
    client.status("job-0")
    first = time.time()
    return {"made": made, "memory": memory, "first": first, "memory_first": read_memory("VmHWM")}


def take(work, calls):
    """The CPU of one call in ms, user and system: the median of batches."""
    spent = []
    for _ in range(BATCHES):
        started = time.process_time()
        for _ in range(calls // BATCHES):
            work()
        spent.append((time.process_time() - started) * 1000 / (calls // BATCHES))
    return sorted(spent)[BATCHES // 2]


def calls(module, url, count):
    client = importlib.import_module(module).Client(url)
    for _ in range(5):
        job = client.submit()
        client.status(job)
    submit = take(client.submit, int(count))
    return {"submit": submit, "status": take(lambda: client.status(job), int(count))}


def fail(module, *urls):
    """Submit once at each address; every one of them fails."""
    from concurrent.futures import ThreadPoolExecutor

    module = importlib.import_module(module)

    def submit(url):
        try:
            module.Client(url, TIMEOUT).submit()
        except Exception as error:  # noqa: BLE001 (each client has errors of its own)
            return type(error).__name__
        return ""

    if module.__name__ == "wire_fal":  # its address is a setting of the process
        return [submit(urls[0])]
    with ThreadPoolExecutor(len(urls)) as pool:
        return list(pool.map(submit, urls))


async def _finish_jobs(module, url, jobs, rounds):
    """Submit jobs and wait for them; return when each was noticed, for each round."""
    import asyncio

    found = []
    for _ in range(rounds):
        client, noticed = module.Waiter(url), {}

        async def run(client=client, noticed=noticed):
            job = await client.submit()
            name = await client.wait(job)
            noticed[name] = time.time()

        await asyncio.gather(*(run() for _ in range(jobs)))
        found.append(noticed)
    return found


def notice(module, url, jobs, rounds, begin):
    """Begin at a time when all other probes have started too: that takes the CPU that polls need."""
    import asyncio

    module = importlib.import_module(module)
    time.sleep(max(0.0, float(begin) - time.time()))
    return asyncio.run(_finish_jobs(module, url, int(jobs), int(rounds)))


async def _wait_for_many(module, url, count, seconds):
    import asyncio
    import threading

    client = module.Waiter(url)
    warm = asyncio.create_task(client.wait(client.pick_up(count)))
    await asyncio.sleep(1)
    warm.cancel()

    async def run(number):
        await asyncio.sleep(RAMP * number / count)
        await client.wait(client.pick_up(number))

    before = read_memory("VmRSS")
    tasks = [asyncio.create_task(run(number)) for number in range(count)]
    # A thread ends it in time: the loop of a client with too many jobs may not come round for minutes.
    threading.Thread(target=end, args=(tasks, before, seconds)).start()
    await asyncio.gather(*tasks, return_exceptions=True)


def take_stock():
    return {"cpu": time.process_time(), "seconds": time.monotonic()}


def end(tasks, before, seconds):
    """Print what so many seconds took, and end the process: to cancel the tasks would take longer."""
    import os
    from collections import Counter

    time.sleep(RAMP)
    began, stock = time.time(), take_stock()
    time.sleep(seconds)
    after, ended = take_stock(), time.time()
    memory = read_memory("VmRSS") - before
    errors = Counter(type(task.exception()).__name__ for task in tasks if task.done())
    spent = {name: after[name] - stock[name] for name in after}
    told = {**spent, "memory": memory, "errors": errors, "began": began, "ended": ended}
    print(json.dumps(told), flush=True)
    os._exit(0)


def wait(module, url, count, seconds):
    import asyncio

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_wait_for_many(importlib.import_module(module), url, int(count), float(seconds)))


if __name__ == "__main__":
    _, MODULE, COMMAND, *VALUES = sys.argv
    print(json.dumps(globals()[COMMAND](MODULE, *VALUES)))
