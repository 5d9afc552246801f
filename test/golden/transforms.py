"""Writes transforms.json: torchvision 0.14.1's transforms, with Pillow 9.4. Run with: python3 transforms.py"""
import base64
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms as T

SIZES = [[(7, 5, 3), s] for s in [[3, 4], [14, 11], [7, 9], [2, 5], [1, 1], 3, 12]]
SIZES += [[(1, 9, 3), [4, 4]], [(6, 8, 1), [5, 3]], [(40, 61, 3), [8, 8]], [(40, 61, 3), 100], [(109, 89, 3), [24, 24]]]
SIZES += [[(16, 16, 3), [16, 16]], [(31, 33, 1), 32]]
CROPS = [5, [3, 4], [9, 4], [4, 8], [12, 13], [7, 5], [1, 2]]
RANDOM = [
    dict(size=4), dict(size=[7, 5]), dict(size=[7, 3]), dict(size=8, padding=2), dict(size=[5, 6], padding=[1, 2]),
    dict(size=5, padding=[1, 0, 2, 3], fill=77), dict(size=[10, 11], pad_if_needed=True),
    dict(size=[9, 4], pad_if_needed=True, padding=1, fill=9), dict(size=7, padding=3, padding_mode="edge"),
    dict(size=7, padding=3, padding_mode="reflect"), dict(size=8, padding=4, padding_mode="symmetric"),
]


def bytes_of(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def image(h, w, c):
    """Bytes of every kind: noise, with a stripe of extremes."""
    data = np.random.RandomState(h * 1000 + w * 10 + c).randint(0, 256, (h, w, c)).astype(np.uint8)
    data[:, w // 2] = 255 * (np.arange(h)[:, None] % 2)
    return data


def picture(data):
    return Image.fromarray(data[:, :, 0] if data.shape[2] == 1 else data)


def shown(out):
    data = np.asarray(out)
    return {"size": list(data.shape[:2]), "data": bytes_of(data)}


def resized():
    rows = []
    for shape, size in SIZES:
        data = image(*shape)
        out = T.Resize(size)(picture(data))
        rows.append({"shape": shape, "input": bytes_of(data), "resize": size, **shown(out)})
    data = image(40, 61, 3)
    rows.append({"shape": (40, 61, 3), "input": bytes_of(data), "resize": 30, "max": 33,
                 **shown(T.Resize(30, max_size=33)(picture(data)))})
    return rows


def both(transform, data):
    """The results of a transform for a picture and, with the same seed, for a tensor; then a random draw."""
    torch.manual_seed(5)
    on_picture = [shown(transform(picture(data))) for _ in range(3)]
    after = torch.rand(1).item()
    torch.manual_seed(5)
    tensor = torch.from_numpy(data).permute(2, 0, 1)
    try:
        on_tensor = [shown(transform(tensor).permute(1, 2, 0)) for _ in range(3)]
    except Exception:
        on_tensor = None
    assert on_tensor is None or on_tensor == on_picture, transform
    return {"out": on_picture, "after": after}


data = image(7, 5, 3)
float_image = T.ToTensor()(picture(data))
golden = {
    "input": bytes_of(data),
    "resize": resized(),
    "center": [{"size": s, **both(T.CenterCrop(s), data)} for s in CROPS],
    "random": [{"options": o, **both(T.RandomCrop(**o), data)} for o in RANDOM],
    "flip": [{"p": p, **both(T.RandomHorizontalFlip(p), data)} for p in (0.5, 0.1, 0.9, 0, 1)],
    "tensor": bytes_of(float_image.numpy()),
    "normal": bytes_of(T.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))(float_image).numpy()),
    "normal3": bytes_of(T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))(float_image).numpy()),
    "normal1": bytes_of(T.Normalize([0.4], [0.3])(float_image.double()).numpy()),
    "every_byte": bytes_of(T.ToTensor()(np.arange(256, dtype=np.uint8).reshape(16, 16, 1)).numpy()),
}
Path(__file__).with_name("transforms.json").write_text(json.dumps(golden, separators=(",", ":")).replace('},{', '},\n{') + "\n")
