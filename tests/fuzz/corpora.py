#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts small files of the fixtures into the corpora that fuzzing begins with: corpora.py FOLDER."""
import hashlib
import pathlib
import pickle
import struct
import sys
import zipfile

LONGEST = 65536
root = pathlib.Path(__file__).resolve().parents[2]
folder = pathlib.Path(sys.argv[1])


def put(target, content):
    if 0 < len(content) <= LONGEST:
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        (place / hashlib.sha1(content).hexdigest()).write_bytes(content)


def npy(descr, shape, payload, fortran=False):
    header = repr({"descr": descr, "fortran_order": fortran, "shape": shape}).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + payload


def sort(path):
    if path.stat().st_size > 1 << 20:
        return
    content = path.read_bytes()
    if path.suffix == ".safetensors":
        put("safetensors", content)
    elif content.startswith(b"\x80") and b"\x8a\x0a\x6c\xfc\x9c\x46" in content[:20]:
        put("torch_stream", content)
        put("pickle", content[content.index(b".", 14) + 1 :])
    elif content.startswith(b"PK"):
        put("npz" if path.suffix == ".npz" else "torch_zip", content)
        try:
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    target = "pickle" if name.endswith(".pkl") else "npy" if name.endswith(".npy") else None
                    if target:
                        put(target, archive.read(name))
        except Exception:  # a broken one is a seed as it is
            pass


for base in (root / "tests/fixtures", root / "../shared/fixtures"):
    for path in sorted(base.rglob("*")):
        if path.is_file() and path.suffix in (".pt", ".tar", ".ckpt", ".npz", ".npy", ".safetensors"):
            sort(path)

# What no fixture holds: every protocol, big-endian, column-major and text arrays, compressed entries.
things = {"a": [1, -2, 10**30, 0.5, None, True, b"x", "\u00e9"], "b": ({1, 2}, (3,)), 7: {"c": []}}
for protocol in range(6):
    put("pickle", pickle.dumps(things, protocol))
arrays = {
    "f4": npy("<f4", (2, 3), bytes(24)),
    "f8": npy(">f8", (2,), bytes(16)),
    "i2": npy("<i2", (2, 2), bytes(8), True),
    "text": npy("<U2", (2, 1), "abcd".encode("utf-32-le")),
    "none": npy("<f2", (0, 4), b""),
}
for content in arrays.values():
    put("npy", content)
for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
    place = folder / f"{method}.npz"
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w", method) as archive:
        for name, content in arrays.items():
            archive.writestr(name + ".npy", content)
    put("npz", place.read_bytes())
    place.unlink()
header = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"k":"v"}}'
put("safetensors", struct.pack("<Q", len(header)) + header + bytes(8))
