"""The words of docs/figures.md; its figures come from the run."""

from benchmarks.peers.standin import JOBS

LATE = 0.5  # who asks for each of many jobs more rarely than this share of one alone is not compared there
QUIET = 0.5  # the most load before a run whose figures stand
BUSY = "The machine had other work during this run, so times and polls are worse than they are on a quiet one, and not by the same factor for all."

INTRODUCTION = (
    "What anyvideo costs beside the clients of single vendors and LiteLLM. "
    "This page is written by the benchmark and holds no figure that it did not measure: in one run, but for the gateways, which can have one of their own."
)
METHOD = (
    "Each client is installed into an environment of its own, with the version that `benchmarks/peers/pins.toml` names, "
    "and speaks its own wire to one server on loopback. The network of a vendor is left out, so only the differences mean "
    "something. Settings are the defaults, except the address, the key, and where a section says so. Time is real: no clock "
    "is replaced or made faster. anyvideo speaks OpenAI's wire and keeps its journal in a file, as by default. "
    "The least of a column is bold."
)
START = (
    "From the start of the interpreter until the client is made, and until it has its first answer to a status call: the "
    "median of several processes. anyvideo loads its HTTP library with the first call, so the two columns of the answer "
    "compare more. LiteLLM has no client to make; its price list is read from its package."
)
CALLS = (
    "User and system time of one call in a client that is warm. The last two columns are anyvideo on the wire of that "
    "client. A submit by anyvideo includes its plan and three durable writes to the journal, which no other client has: they "
    "are what keeps a job from being paid twice."
)
NOTICE = (
    f"{JOBS} jobs at once, whose lengths lie within a tenth of 5 s or of 30 s, are submitted and waited for with each client's "
    "own way to wait: `videos.poll` of openai, `handle.get` of fal-client, `async_wait` of replicate, `wait_for_task_output` of "
    "runwayml, `wait` of anyvideo. Polls are all requests of a job after its submit. The delay is from the end of a job to the "
    'return of the wait. anyvideo asks by what it knows of an offer: at first the usual time, and in "learned" the finish '
    "times that its journal has from the first round."
)
WAITING = (
    "Jobs that were submitted before are picked up and waited for in one process, with asyncio, evenly over some seconds; "
    "then {window} s are measured. None of them finishes. Their server says that they were 30 s old when they were picked up: "
    "anyvideo asks the more rarely the older a job is, and the others ask at the same rate always. CPU and polls are for one "
    "job and one second."
)
WAITING_TABLES = {
    "kib": "Memory for each job, KiB",
    "cpu_ms": "CPU for each job and second, ms",
    "polls": "Polls for each job and second",
}
POSTS = (
    "How often the server reads the paid POST when one submit fails. The time-out is 2 s in place of a minute or more; "
    "replicate has none of its own there, so it gets it as `wait`. After a reset, a time-out, a cut answer or a 500 a job may "
    "exist, and each further POST may pay for another one: one is right. A 429 says that no job was made, so more than one is "
    "harmless there. [Money](money.md#measured) has more failures."
)
GATEWAYS = (
    "`anyvideo serve` and LiteLLM's proxy under the same load: {creates} creates at once, then {rate:,} polls a second of those "
    "jobs, {polls:,} in all, over {connections} connections. anyvideo runs from the checkout here. Each has one worker, no keys, and a sandbox of its own behind it that speaks OpenAI's "
    "wire. A poll is sent at its fixed moment or, when all connections wait for an answer, as soon as one is free, and its time counts from "
    "that moment. After {limit_s} s no poll is sent, so who is slower than the rate answers fewer, and the times are of those alone. LiteLLM asks its vendor at every poll, "
    "while anyvideo answers from memory and asks the vendor at its own pace, so the two do not do the same work for a poll."
)
GATEWAY_TABLE = {
    "creates_s": "{creates} creates, s",
    "polls": "polls answered of {polls:,}",
    "rate": "polls a second",
    "p50_ms": "a poll, median, ms",
    "p99_ms": "a poll, p99, ms",
}
GATEWAY_TITLES = {
    "creates_s": "{creates} creates at once at a gateway, in s",
    "p50_ms": "A poll at a gateway, median, in ms",
    "p99_ms": "A poll at a gateway, p99, in ms",
}
BETTER = (
    "All that was measured, by the same rule: what takes less than anyvideo by a tenth or more. "
    "Waiting jobs are compared where each is asked for at least half as often as one alone."
)
START_TITLES = {
    "made_ms": "Until the client is made, in ms",
    "made_mib": "Memory of that process, in MiB",
    "first_ms": "Until the first answer, in ms",
    "first_mib": "Memory of that process, in MiB (first answer)",
}
NOTICE_TITLES = {
    "polls": "Polls of a job of {length} s",
    "late_s": "Delay of the notice of a job of {length} s, in s",
}
WAITING_TITLES = {
    "kib": "Memory of each of {jobs} waiting jobs, in KiB",
    "cpu_ms": "CPU of each of {jobs} waiting jobs and second, in ms",
}
PEERS = (
    "## What each is for",
    (
        "- **openai** is OpenAI's own: the whole API with types for each answer, of which videos are a part. Its server can set the pause between two polls.\n"
        "- **fal-client** is fal's own: any endpoint there, its storage, its streams and real-time connections. It asks at a short fixed pause, so it hears of an end soon and pays with polls.\n"
        "- **replicate** is Replicate's own: any model there, files as outputs, trainings. It never repeats a submit.\n"
        "- **runwayml** is Runway's own: each model's parameters have types, so an editor knows them.\n"
        "- **LiteLLM** gives the language models of many vendors one shape, with a proxy, budgets and costs; videos are a small part of it.\n"
        "- **anyvideo** knows before a job is sent which vendors can do it and at what price, sends it at most once, and finds it again after a crash. It is for video alone. Who uses one vendor, and can bear a job paid twice, is served well by that vendor's own client."
    ),
)
