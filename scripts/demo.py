"""Makes assets/demo.gif of the pictures that `npm run screenshots` took: what a user sees in half a minute, step by step.

A scene before the last one switches to the dark theme: take that one by itself, `npm run screenshots -- 21-`, and put the others beside it.
"""

from pathlib import Path

from PIL import Image

# Each with how long it is looked at, in milliseconds.
STEPS = [
    ("1-findings", 3500),
    ("2-hover", 6500),
    ("3-quick-fixes", 5000),
    ("4-guide", 5000),
    ("6-problems", 4000),
    ("21-findings-view", 5000),
]
SIZE = (1100, 688)
# Flat surfaces and text: more colours only make the file larger.
COLORS = 96


def frame(name: str) -> Image.Image:
    with Image.open(Path("screenshots") / f"{name}.png") as picture:
        small = picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    return small.quantize(COLORS, dither=Image.Dither.NONE)


def main() -> None:
    first, *others = [frame(name) for name, _ in STEPS]
    first.save(
        "assets/demo.gif",
        save_all=True,
        append_images=others,
        duration=[milliseconds for _, milliseconds in STEPS],
        loop=0,
        optimize=True,
    )


if __name__ == "__main__":
    main()
