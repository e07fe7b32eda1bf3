"""What a long-running process in front of the journal needs, whatever protocol it speaks."""

from anyvideo.service.client import ServiceClient
from anyvideo.service.job import Job
from anyvideo.service.limits import Limit
from anyvideo.service.names import name_job
from anyvideo.service.service import Service

__all__ = ["Job", "Limit", "Service", "ServiceClient", "name_job"]
