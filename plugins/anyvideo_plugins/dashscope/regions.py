"""The regions of Alibaba Cloud Model Studio: their hosts, their models and their prices.

A key, a model and a host belong to one region; a call across regions fails. Each region has a host for
every workspace, and three have an older one for all: https://help.aliyun.com/zh/model-studio/regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from attrs import evolve, field, frozen, validators

from anyvideo.plugin import Offer, Price

Region = Literal["intl", "cn", "us", "hk", "eu", "jp"]
_AREAS: Mapping[Region, str] = {
    "intl": "ap-southeast-1",
    "cn": "cn-beijing",
    "us": "us-east-1",
    "hk": "cn-hongkong",
    "eu": "eu-central-1",
    "jp": "ap-northeast-1",
}
_CLASSIC: Mapping[Region, str] = {
    "intl": "https://dashscope-intl.aliyuncs.com",
    "cn": "https://dashscope.aliyuncs.com",
    "us": "https://dashscope-us.aliyuncs.com",
}
# Which models each region has, where it has not all of them: the hosts on the pages of the models.
_EVERYWHERE = frozenset({"wan3.0", "wan3.0-prime", "happyhorse-1.1", "happyhorse-1.0"})
_FULL: frozenset[Region] = frozenset({"intl", "cn"})
# List prices of a second outside Singapore; campaigns lower them. China's are those of the site aliyun.com.
_CHINA_PAGE = "https://help.aliyun.com/en/model-studio/model-pricing"
_RATES: Mapping[Region, Mapping[str, Mapping[str, str]]] = {
    "cn": {
        "wan3.0": {"480p": "0.30", "720p": "0.60", "1080p": "1.20"},
        "wan3.0-prime": {"480p": "0.45", "720p": "0.90", "1080p": "1.80"},
        "happyhorse-1.1": {"720p": "0.90", "1080p": "1.20"},
        "happyhorse-1.0": {"720p": "0.90", "1080p": "1.60"},
    },
    "us": {
        "wan3.0": {"480p": "0.041256", "720p": "0.082513", "1080p": "0.165025"},
        "wan3.0-prime": {"480p": "0.0636", "720p": "0.1272", "1080p": "0.2544"},
    },
}
# Where and when each was read: the pages of the models in America, and in China of HappyHorse.
_SOURCES: Mapping[tuple[Region, str], tuple[str, date]] = {
    ("cn", "happyhorse-1.1"): ("https://developer.aliyun.com/article/1750051", date(2026, 8, 8)),
    ("cn", "happyhorse-1.0"): ("https://developer.aliyun.com/article/1731470", date(2026, 8, 8)),
    ("us", "wan3.0"): (
        "https://www.alibabacloud.com/help/en/model-studio/wan3-0-video",
        date(2026, 10, 9),
    ),
    ("us", "wan3.0-prime"): (
        "https://www.alibabacloud.com/help/en/model-studio/wan3-0-video-prime",
        date(2026, 9, 1),
    ),
}


@frozen
class DashScopeSettings:
    """The region and the workspace that the provider's key belongs to.

    Attributes:
        region: "intl" for Singapore, "cn" for Beijing, "us" for Virginia, "hk" for Hong Kong, "eu" for
            Frankfurt, "jp" for Tokyo.
        workspace: The id of the workspace, for its own host. The pages of Wan 3.0 name no other host.

    Raises:
        ValueError: there is no such region, the id is no id, or the region needs one.
    """

    region: Region = field(default="intl", validator=validators.in_(tuple(_AREAS)))
    workspace: str = field(default="", validator=validators.matches_re(r"[A-Za-z0-9-]*"))

    def __attrs_post_init__(self) -> None:
        if not self.workspace and self.region not in _CLASSIC:
            message = f"the region {self.region!r} has no host without a workspace; set workspace"
            raise ValueError(message)

    @property
    def host(self) -> str:
        """The base URL of the API, without /api/v1."""
        if self.workspace:
            return f"https://{self.workspace}.{_AREAS[self.region]}.maas.aliyuncs.com"
        return _CLASSIC[self.region]


def is_sold(offer: Offer, region: Region) -> bool:
    """Say whether a region has a model."""
    return region in _FULL or offer.model in _EVERYWHERE


def move(offer: Offer, region: Region) -> Offer:
    """Return an offer at the prices of a region; those of offers.toml are Singapore's."""
    if region == "intl":
        return offer
    prices = _list_prices(offer.model, region)
    tiers = [
        evolve(item, price=prices.get(item.shapes[0].resolution or "")) for item in offer.tiers
    ]
    return evolve(offer, tiers=tuple(tiers))


def _list_prices(model: str, region: Region) -> dict[str, Price]:
    rates = _RATES.get(region, {}).get(model, {})
    source, checked = _SOURCES.get((region, model), (_CHINA_PAGE, date(2026, 10, 8)))
    currency = "CNY" if region == "cn" else "USD"
    return {
        lines: Price(
            Decimal(amount), "second", currency, None, "ceiling", source=source, checked=checked
        )
        for lines, amount in rates.items()
    }
