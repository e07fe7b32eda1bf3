"""Acme, the one vendor that the tests make up.

    adapter    what it offers, and the adapter that speaks to it
    sound      the same adapter with all that the kit asks for, and its recorded answers
    plugin     the adapter in a plugin, a registry or a session
    vendor     the vendor itself, in memory
    clients    both clients over that vendor
    fixtures   a client's download, for the `conftest.py` of a folder
    answers    what an offer of Acme answers to a job

`tests/third_party/anyvideo_acme` is the tutorial's distribution and uses nothing of this.
"""
