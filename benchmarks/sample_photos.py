"""Draws the photos of the sample salon: no real person is shown, and every run gives the same pixels.

Run it from the project's folder: ``python benchmarks/sample_photos.py``. It writes four JPEG files
of at most 30 KB below ``files/``, without EXIF.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = WIDTH, HEIGHT = 640, 480
QUALITY = 72
ROOT = Path(__file__).parents[1]
Color = tuple[int, int, int]


def main() -> None:
    """Draw all photos."""
    pictures = {
        "files/k7f3qd/2026-06-01-do.jpg": hair(root=(84, 62, 50), ends=(172, 116, 72), frizz=24),
        "files/k7f3qd/2026-06-01-posle.jpg": hair(root=(92, 78, 68), ends=(140, 119, 101), frizz=5),
        "files/m2c8vx/2026-01-16-do.jpg": cheek(spots=70, redness=60),
        "files/m2c8vx/2026-02-27-posle.jpg": cheek(spots=9, redness=14),
    }
    for name, picture in pictures.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, quality=QUALITY, optimize=True)
        print(f"{path.stat().st_size:>6} {name}")


def hair(root: Color, ends: Color, frizz: float) -> Image.Image:
    """Return hair seen from behind: its colour at the roots and at the ends, and how it stands off."""
    chance = random.Random(7)
    picture = wall((196, 200, 196), (150, 156, 154))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((70, 400, 570, 700), fill=(72, 84, 80))  # the cape
    for _strand in range(2600):
        across = chance.uniform(-1, 1)
        length = chance.uniform(0.88, 1.0)
        lean = chance.gauss(0, frizz)
        shade = chance.gauss(0, 11) - 26 * across * across
        strand(draw, across, length, lean, shade, (root, ends))
    if frizz < 10:  # light runs along hair that lies smooth
        gloss = Image.new("L", SIZE, 0)
        ImageDraw.Draw(gloss).arc((170, 130, 470, 330), 205, 335, fill=130, width=28)
        picture.paste((214, 200, 186), mask=gloss.filter(ImageFilter.GaussianBlur(15)))
    return grain(picture.filter(ImageFilter.GaussianBlur(0.8)))


def strand(
    draw: ImageDraw.ImageDraw,
    across: float,
    length: float,
    lean: float,
    shade: float,
    colors: tuple[Color, Color],
) -> None:
    """Draw one hair from the crown: over the dome of the head, then down; its colour changes."""
    x, y = 320.0, 60.0
    steps, dome = 20, 0.45
    for step in range(1, steps + 1):
        part = step / steps
        turn = min(1.0, part / dome) * math.pi / 2
        down = max(0.0, part - dome) / (1 - dome)
        next_x = 320 + across * (168 * math.sin(turn) - 14 * down * down) + lean * part * part
        next_y = 60 + 130 * (1 - math.cos(turn)) + down * length * (235 - 24 * across * across)
        draw.line(
            (x, y, next_x, next_y), fill=mixed(colors, max(0.0, part - 0.3) / 0.7, shade), width=2
        )
        x, y = next_x, next_y


def mixed(colors: tuple[Color, Color], part: float, shade: float) -> Color:
    """Return a colour between two, lighter or darker by *shade*."""
    red, green, blue = (
        max(0, min(255, round(a + (b - a) * part + shade))) for a, b in zip(*colors, strict=True)
    )
    return red, green, blue


def cheek(spots: int, redness: int) -> Image.Image:
    """Return a cheek from near: so many spots, and how red the skin around them is."""
    chance = random.Random(3)
    picture = wall((238, 206, 182), (168, 122, 102))
    flush = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(flush)
    for _patch in range(9):
        x, y, r = chance.uniform(170, 430), chance.uniform(150, 340), chance.uniform(45, 95)
        draw.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), fill=redness)
    flush = flush.filter(ImageFilter.GaussianBlur(26))
    picture.paste((196, 70, 62), mask=flush)
    rash = Image.new("L", SIZE, 0)
    draw = ImageDraw.Draw(rash)
    for _spot in range(spots):
        x, y, r = chance.gauss(300, 95), chance.gauss(245, 66), chance.choice([2, 2, 3, 3, 4, 6])
        draw.ellipse((x - r, y - r * 0.9, x + r, y + r * 0.9), fill=chance.randint(110, 200))
    picture.paste((150, 58, 52), mask=rash.filter(ImageFilter.GaussianBlur(1.4)))
    draw = ImageDraw.Draw(picture, "RGBA")
    draw.ellipse((560, 96, 740, 390), fill=(122, 88, 74, 150))  # the ear
    draw.polygon(
        [(0, 480), (0, 400), (160, 432), (330, 452), (500, 430), (640, 372), (640, 480)],
        fill=(96, 70, 60, 120),
    )
    return grain(picture.filter(ImageFilter.GaussianBlur(1.2)))


def wall(light: Color, dark: Color) -> Image.Image:
    """Return a surface lit from the middle."""
    glow = ImageChops.invert(Image.radial_gradient("L")).resize(SIZE, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", SIZE, light), Image.new("RGB", SIZE, dark), glow)


def grain(picture: Image.Image) -> Image.Image:
    """Return *picture* with the slight noise a camera leaves."""
    half = (WIDTH // 2, HEIGHT // 2)
    noise = Image.frombytes("L", half, random.Random(1).randbytes(half[0] * half[1]))
    noise = noise.resize(SIZE, Image.Resampling.BICUBIC)
    return Image.blend(picture, Image.merge("RGB", [noise] * 3), 0.03)


if __name__ == "__main__":
    main()
