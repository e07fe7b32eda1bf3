"""The fixtures of the tests that play cassettes."""

from tests.cassettes.fixtures import (
    client,
    default_cassette_name,
    pytest_collection_modifyitems,
    pytest_recording_configure,
    recording,
    vcr_cassette_dir,
    vcr_config,
)

__all__ = [
    "client",
    "default_cassette_name",
    "pytest_collection_modifyitems",
    "pytest_recording_configure",
    "recording",
    "vcr_cassette_dir",
    "vcr_config",
]
