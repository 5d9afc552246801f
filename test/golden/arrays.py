"""Writes arrays/*: small files of numpy.save, numpy.savez and the reference implementation of safetensors, and arrays.json
with their contents. Needs numpy and safetensors.

    python3 -P test/golden/arrays.py
"""

import json
import os
import struct

import numpy as np
import safetensors

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "arrays")
os.makedirs(FOLDER, exist_ok=True)

values = {
    "f4": np.array([[1.5, -2.0, np.inf], [0.1, 1e-45, -0.0]], "<f4"),
    "f8": np.array([0.1, -1e300], "<f8"),
    "f2": np.array([1.5, -65504, 6e-8, -np.inf], "<f2"),
    "i4": np.array([[7], [-7]], "<i4"),
    "i8": np.array([1, -2, 2**31 - 1, -(2**31)], "<i8"),
    "i2": np.array([300, -300], "<i2"),
    "i1": np.array([-128, 127], "|i1"),
    "u1": np.array([0, 255], "|u1"),
    "u2": np.array([65535], "<u2"),
    "u4": np.array([2**31 - 1], "<u4"),
    "u8": np.array([5], "<u8"),
    "b1": np.array([True, False, True]),
    "big-f4": np.array([1.5, -2.0], ">f4"),
    "big-f8": np.array([0.1], ">f8"),
    "big-i8": np.array([-2, 3], ">i8"),
    "fortran": np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3)),
    "scalar": np.array(2.5, "<f4"),
    "empty": np.zeros((0, 3), "<f4"),
    "row": np.arange(3, dtype="<i4"),
}
refused = {
    "complex": np.array([1j]),
    "text": np.array(["ab"]),
    "object": np.array([{}], dtype=object),
    "records": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]),
    "too-large": np.array([2**31], "<i8"),
}
DTYPES = {"f": lambda n: "float64" if n == 8 else "float32", "i": lambda n: "int32", "u": lambda n: "uint8" if n == 1 else "int32", "b": lambda n: "bool"}


def show(x):
    return {"dtype": DTYPES[x.dtype.kind](x.dtype.itemsize), "shape": list(x.shape), "data": [str(v) for v in x.astype("f8").flatten().tolist()]}


for name, x in {**values, **refused}.items():
    np.save(os.path.join(FOLDER, f"{name}.npy"), x)
for version in (2, 3):
    with open(os.path.join(FOLDER, f"version{version}.npy"), "wb") as file:
        np.lib.format.write_array(file, values["f4"], version=(version, 0))
np.savez(os.path.join(FOLDER, "plain.npz"), x=values["f4"], **{"naïve/y": values["i8"]})
np.savez_compressed(os.path.join(FOLDER, "compressed.npz"), zeros=np.zeros((64, 64), "<f4"), x=values["fortran"])


def tensor(dtype, shape, data):
    """A tensor by the address of its bytes, which `held` keeps alive."""
    held.append(np.frombuffer(data + b"\0", np.uint8))
    return safetensors.TensorSpec(dtype=dtype, shape=shape, data_ptr=held[-1].ctypes.data, data_len=len(data))


held = []


safe = {
    "float32": tensor("float32", [2], struct.pack("<2f", 1.5, -2)),
    "float64": tensor("float64", [1, 1], struct.pack("<d", 0.1)),
    "half": tensor("float16", [2], struct.pack("<2e", 1.5, -65504)),
    "bfloat16": tensor("bfloat16", [2], struct.pack("<2H", 0x3FC0, 0xC000)),
    "int64": tensor("int64", [2], struct.pack("<2q", -1, 2**31 - 1)),
    "int16": tensor("int16", [1], struct.pack("<h", -300)),
    "uint8": tensor("uint8", [3], bytes([0, 128, 255])),
    "bool": tensor("bool", [2], bytes([1, 0])),
    "scalar": tensor("float32", [], struct.pack("<f", 2.5)),
    "empty": tensor("float32", [0, 3], b""),
}
own = {
    "b": tensor("float32", [2, 2], struct.pack("<4f", 1, 2, 3, 4)),
    "a": tensor("float32", [1], struct.pack("<f", 5)),
    "10": tensor("float64", [1], struct.pack("<d", 0.1)),
    "naïve \"☃\"\n": tensor("int32", [2], struct.pack("<2i", 7, -7)),
    "\U0001f600": tensor("uint8", [1], bytes([3])),
    "\uff01": tensor("uint8", [1], bytes([4])),
    "mask": tensor("bool", [3], bytes([1, 0, 1])),
}
for name, value, metadata in (("dtypes", safe, None), ("own", own, {"format": "pt"})):
    with open(os.path.join(FOLDER, f"{name}.safetensors"), "wb") as file:
        file.write(safetensors.serialize(value, metadata))

with open(os.path.join(HERE, "arrays.json"), "w") as file:
    json.dump({name: show(x) for name, x in values.items()}, file, indent=1)
    file.write("\n")
