"""A journal on a network file system is found by `lint`."""

import json

import pytest

from anyvideo.cli.lint import settings
from anyvideo.cli.lint.file_systems import find_network_file_system

MOUNTS = r"""
overlay / overlay rw 0 0
host:/export /srv/shared nfs4 rw,relatime 0 0
tmpfs /srv/shared/local tmpfs rw 0 0
//host/share /mnt/two\040words cifs rw 0 0
me@host: /far fuse.sshfs rw 0 0
disk /twice ext4 rw 0 0
host:/twice /twice nfs rw 0 0
odd
"""
PLACES = {
    "/srv/shared/j.sqlite": "nfs4",
    "/srv/shared": "nfs4",
    "/srv/shared/local/j.sqlite": None,
    "/srv/sharedness/j.sqlite": None,
    "/mnt/two words/deep/j.sqlite": "cifs",
    "/far/j.sqlite": "fuse.sshfs",
    "/near/j.sqlite": None,
    "/twice/j.sqlite": "nfs",
}


@pytest.mark.parametrize(("place", "kind"), PLACES.items())
def test_the_mount_that_is_nearest_decides(tmp_path, place, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)

    class Named(type(tmp_path)):  # type: ignore[misc]  # a path whose links are not looked up
        def resolve(self, strict=False):
            return type(tmp_path)(self)

    assert find_network_file_system(Named(place), mounts) == kind
    assert find_network_file_system(Named(place), tmp_path / "none") is None


def test_lint_finds_it(call, monkeypatch):
    assert call("lint").code == 0
    monkeypatch.setattr(settings, "find_network_file_system", lambda _: "nfs4")
    result = call("lint", "--json")

    (finding,) = json.loads(result.out)
    assert (result.code, finding["kind"], finding["where"]) == (1, "journal", "ANYVIDEO_HOME")
    assert "network file system (nfs4)" in finding["message"]
    assert "hold on one host only" in finding["message"]
