"""Writes pictures/ (missing files only), pictures.json with Pillow 9.4's pixels of these files, and image-folder.json with
the order of torchvision 0.14.1's ImageFolder. Run with: python3 pictures.py (needs cjpeg of libjpeg-turbo)."""
import base64
import json
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from torchvision import transforms as T
from torchvision.datasets import ImageFolder

HERE = Path(__file__).parent
FOLDER = HERE / "pictures"
ROTATED = Image.Exif()
ROTATED[0x112] = 6

BY_PILLOW = {
    "baseline-420.jpg": dict(quality=90, subsampling=2), "baseline-422.jpg": dict(quality=85, subsampling=1),
    "baseline-444.jpg": dict(quality=95, subsampling=0), "coarse.jpg": dict(quality=20),
    "progressive-420.jpg": dict(quality=80, progressive=True, subsampling=2),
    "progressive-444.jpg": dict(quality=75, progressive=True, subsampling=0),
    "exif.jpg": dict(quality=80, exif=ROTATED), "rgb.png": {}, "small.jpg": dict(quality=80),
    "grey.jpg": dict(mode="L", quality=90), "grey-progressive.jpg": dict(mode="L", quality=80, progressive=True),
    "cmyk.jpg": dict(mode="CMYK", quality=90), "grey.png": dict(mode="L"), "palette.png": dict(mode="P"),
    "two.png": dict(mode="1"), "rgba.png": dict(mode="RGBA"), "grey-alpha.png": dict(mode="LA"),
}
BY_CJPEG = {
    "restart.jpg": ["-restart", "2B"], "440.jpg": ["-sample", "1x2"], "411.jpg": ["-sample", "4x1"],
    "stored-rgb.jpg": ["-rgb"], "progressive-restart.jpg": ["-progressive", "-restart", "1"],
}
DEEP = {"grey-16.png": (1, 0), "rgb-16.png": (3, 2)}  # channels, and PNG's number for them
REFUSED = {"arithmetic.jpg": ["-arithmetic"]}


def scene(h, w):
    """Waves, noise, and edges between colors that are far apart."""
    y, x = np.mgrid[0:h, 0:w]
    waves = np.stack([128 + 100 * np.sin(x / 7 + y / 11), 128 + 90 * np.cos(x / 5 - y / 9), (x * 3 + y * 5) % 256], -1)
    waves += np.random.RandomState(0).randn(h, w, 3) * 15
    waves[h // 4:h // 2, w // 4:w // 2] = [255, 0, 0]
    waves[h // 2:3 * h // 4, w // 3:2 * w // 3] = [0, 0, 255]
    return Image.fromarray(waves.clip(0, 255).astype(np.uint8))


def write():
    FOLDER.mkdir(exist_ok=True)
    picture = scene(37, 45)
    for name, options in BY_PILLOW.items():
        options = dict(options)
        small = scene(7, 5) if name == "small.jpg" else picture
        converted = small.convert(options.pop("mode", "RGB"))
        if converted.mode == "RGBA":
            converted.putalpha(picture.convert("L"))
        if not (FOLDER / name).exists():
            converted.save(FOLDER / name, **options)
    for name, (channels, kind) in DEEP.items():
        if not (FOLDER / name).exists():
            (FOLDER / name).write_bytes(deep_png(channels, kind))
    ppm = f"P6 {picture.width} {picture.height} 255\n".encode() + picture.tobytes()
    for name, options in {**BY_CJPEG, **REFUSED}.items():
        if not (FOLDER / name).exists():
            command = ["cjpeg", "-quality", "90", *options]
            (FOLDER / name).write_bytes(subprocess.run(command, input=ppm, stdout=subprocess.PIPE, check=True).stdout)


def deep_png(channels, kind):
    """5 × 4 pixels of 16 bits, the first of them around 255."""
    values = np.random.RandomState(0).randint(0, 65536, (4, 5 * channels))
    values[0, :5] = [0, 1, 255, 256, 65535]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 5, 4, 16, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


TREE = ["dog/b.jpg", "dog/C.JPG", "dog/a-1.png", "dog/a/z.jpeg", "dog/a b/y.jpg", "dog/a/b/x.jpg", "dog/a.jpg", "dog/notes.txt",
        "Cat/10.jpg", "Cat/9.jpg", "Cat/ä.jpg", "ant.d/1.png", "above.jpg", "ant/2.png"]


def walked():
    with tempfile.TemporaryDirectory() as root:
        for name in TREE:
            (Path(root) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(root) / name).touch()
        data = ImageFolder(root)
        return {"tree": TREE, "classes": data.classes, "samples": [[str(Path(p).relative_to(root)), c] for p, c in data.samples]}


def bytes_of(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def shown(name):
    picture = Image.open(FOLDER / name)
    natural = picture.convert({"CMYK": "RGB", "P": "RGB", "1": "L", "I": "L"}.get(picture.mode, picture.mode))
    data = np.asarray(natural)
    return {
        "size": [*data.shape[:2], 1 if data.ndim == 2 else data.shape[2]], "data": bytes_of(data),
        "rgb": bytes_of(np.asarray(picture.convert("RGB"))),
        "resized": bytes_of(np.asarray(T.Resize([12, 12])(picture.convert("RGB")))),
    }


write()
rows = {name: shown(name) for name in sorted([*BY_PILLOW, *BY_CJPEG, *DEEP])}
(HERE / "pictures.json").write_text(json.dumps(rows))
(HERE / "image-folder.json").write_text(json.dumps(walked(), indent=1))
