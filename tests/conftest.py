"""What holds for every test."""

import signal

# A shell that starts the tests in the background lets them ignore Ctrl-C, and the commands that they
# start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
