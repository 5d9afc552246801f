"""Writes cifar10-python.json: made-up batches of CIFAR-10's Python version, as pickles. Run with: python3 cifar10-python.py

Python 2 wrote the real files (protocol 2, byte strings). This program builds such a file instruction by instruction,
and reads it back. Python 3 writes the other files, one in each of its protocols."""
import base64
import json
import pickle
import struct
from pathlib import Path

import numpy as np

LABELS = [6, 9]
DATA = np.random.RandomState(0).randint(0, 256, (2, 3072)).astype(np.uint8)


def short(text):
    return b"U" + bytes([len(text)]) + text


def python2(data, labels):
    raw = data.tobytes()
    out = b"\x80\x02}q\x01(" + short(b"batch_label") + b"q\x02" + short(b"training batch 1 of 5") + b"q\x03"
    out += short(b"labels") + b"q\x04]q\x05(" + b"".join(b"K" + bytes([label]) for label in labels) + b"e"
    out += short(b"data") + b"q\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85"
    out += short(b"b") + b"\x87Rq\x09(K\x01K" + bytes([len(data)]) + b"M\x00\x0c\x86cnumpy\ndtype\nq\x0a" + short(b"u1")
    out += b"K\x00K\x01\x87Rq\x0b(K\x03" + short(b"|") + b"NNN" + b"J\xff\xff\xff\xff" * 2 + b"K\x00tb\x89"
    out += b"T" + struct.pack("<I", len(raw)) + raw + b"tb" + short(b"filenames") + b"q\x0c]q\x0d("
    return out + short(b"a.png") + short(b"b.png") + b"eu."


two = python2(DATA, LABELS)
back = pickle.loads(two, encoding="latin1")
assert back["labels"] == LABELS and (back["data"] == DATA).all() and back["filenames"] == ["a.png", "b.png"]
batch = {"batch_label": "training batch 1 of 5", "labels": LABELS, "data": DATA, "filenames": ["a.png", "b.png"]}
of_bytes = {b"labels": LABELS, b"data": DATA}
pickles = {"python 2": two, **{f"python 3, protocol {p}": pickle.dumps(batch, protocol=p) for p in (2, 3, 4, 5)}}
pickles["keys of bytes"] = pickle.dumps(of_bytes, protocol=4)
bad = {
    "shape": pickle.dumps({"labels": LABELS, "data": DATA[:, :100]}, protocol=4),
    "dtype": pickle.dumps({"labels": LABELS, "data": DATA.astype(np.int32)}, protocol=4),
    "order": pickle.dumps({"labels": LABELS, "data": np.asfortranarray(DATA)}, protocol=4),
    "fewer labels": pickle.dumps({"labels": LABELS[:1], "data": DATA}, protocol=4),
    "no data": pickle.dumps({"labels": LABELS}, protocol=4),
    "no dict": pickle.dumps([1, 2], protocol=4),
    "label": pickle.dumps({"labels": [1, 10], "data": DATA}, protocol=4),
    "evil": b"cos\nsystem\n(S'echo hacked'\ntR.",
}
encode = lambda files: {name: base64.b64encode(data).decode() for name, data in files.items()}
golden = {"labels": LABELS, "data": base64.b64encode(DATA.tobytes()).decode(), "pickles": encode(pickles), "bad": encode(bad)}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, separators=(",", ":")).replace('","', '",\n"') + "\n")
