"""One app, three vendors: who is asked is a matter of the config alone.

python app.py apimart.toml fox.mp4              # with APIMART_API_KEY in the environment
python app.py apiyi.toml fox.mp4 --sandbox      # without a key, and for nothing
"""

import sys
from pathlib import Path

import anyvideo

JOB = anyvideo.VideoJob(
    "A red fox runs through fresh snow at dawn", seconds=5, aspect_ratio="16:9", watermark=False
)


def make(client: anyvideo.Client, to: str) -> anyvideo.Video:
    """Make the video with whatever the config means by its default model."""
    plan = client.plan(JOB)
    print(f"{plan.offer.name} for {plan.quote}")
    for change in plan.adjustments:
        print(f"  {change}")
    return client.generate(plan, to)


if __name__ == "__main__":
    config, target = sys.argv[1:3]
    with anyvideo.Client(Path(config), sandbox="--sandbox" in sys.argv) as opened:
        print(make(opened, target).path)
