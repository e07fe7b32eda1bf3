"""Finds a journal on a network file system, where SQLite's locks and its log cannot be relied on."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
# File systems that other hosts write to as well: https://sqlite.org/wal.html#overview
_KERNEL = (
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "ceph",
    "lustre",
    "beegfs",
    "gpfs",
    "glusterfs",
)
_FUSE = (
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.s3fs",
    "fuse.gcsfuse",
    "fuse.rclone",
    "fuse.davfs",
    "fuse.curlftpfs",
)
_NETWORK = frozenset({*_KERNEL, *_FUSE})


def find_network_file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the network file system that a path is on; None if it is on no known one.

    Source: https://man7.org/linux/man-pages/man5/fstab.5.html; elsewhere than on Linux nothing is
    found.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    whole = path.resolve()
    found, kind = Path(), ""
    for fields in (line.split(" ") for line in lines if line.count(" ") >= 2):
        point = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[1]))
        # Of two mounts at one place, the later one is seen.
        if whole.is_relative_to(point) and len(point.parts) >= len(found.parts):
            found, kind = point, fields[2]
    return kind if kind in _NETWORK else None
