"""How much is taken from outside, and how long it is waited for; docs/limits.md has the same table."""

# An answer that is neither a file nor a stream, in bytes, decoded.
MOST_ANSWER_BYTES = 1 << 20
# What is decoded of a compressed body in one step, in bytes.
MOST_DECODED_BYTES = 1 << 16
# How many levels of lists and objects a JSON text may have.
MOST_JSON_DEPTH = 64
# How many values a JSON text may hold, counted by its brackets and commas.
MOST_JSON_VALUES = 100_000
# A URL that a vendor gives, in characters: some are kept while a client is open.
MOST_URL_LENGTH = 16_384
# The id of a task, in characters.
MOST_ID_LENGTH = 1000
# How many redirects the way to one file may have.
MOST_REDIRECTS = 5
# How many requests one operation of an adapter may take.
MOST_REQUESTS = 100
# How many requests run at once at one origin.
MOST_CONNECTIONS = 8

# The longest time-out of one whole request that a config may set, in seconds.
LONGEST_TIMEOUT = 3600.0
# How long it may take to connect, in seconds, if a third of the time-out is not less.
LONGEST_CONNECT = 15.0

# A stream in all, in bytes, decoded.
MOST_STREAM_BYTES = 8 << 20
# One server-sent event, in bytes, comments and other fields included.
MOST_EVENT_BYTES = 1 << 18
# How many changes of a job one stream may report.
MOST_STREAM_CHANGES = 1000
# How long the next piece of a stream may take, in seconds: a vendor that renders is silent for minutes.
LONGEST_SILENCE = 300.0
# How long a stream may go on without news of a job whose id is known, in seconds.
LONGEST_WITHOUT_NEWS = 900.0
# How long a stream may last in all, in seconds.
LONGEST_STREAM = 3600.0

# The largest video, in bytes.
MOST_FILE_BYTES = 4 << 30
# The slowest file, in bytes per second, counted over one time-out.
SLOWEST_FILE = 1024
# What one connection must bring of a file, in bytes, for the attempts to be counted from the start.
LEAST_PROGRESS_BYTES = 1 << 16

# The shortest pause that a vendor can ask for, in seconds.
SHORTEST_PAUSE = 1.0
# The longest pause between two polls that a vendor can ask for, in seconds.
LONGEST_PAUSE = 300.0
# How many retries of one call a config may allow.
MOST_RETRIES = 20
# How many unknown status words one process logs, each once.
MOST_UNKNOWN_WORDS = 256
