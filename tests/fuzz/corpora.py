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

# A vocabulary's first byte says how it is read: fuzz_vocabulary.cpp.
vocabularies = {
    b"\0": [b"<unk>\r\na\r\n\r\n", "<s>\n\u00e9\n \n".encode()],
    b"\1": [b"the\t120\n,\t9\n"],
    b"\2": ["<unk>\t0\n\u2581the\t-3.5\n".encode()],
    b"\3": [b"the 120\n<unk> 1 #fairseq:overwrite\n"],
    b"\4": [b"</s>: 0\n\"\\u00e9\": 1\nnull: 2\n? x\n: 3\n", b"- a\n- ~\n"],
    b"\5": [b'{"a": 0, "b": 2}', b'["a", "b"]', b'{"word2index": {"a": 0}, "index2word": {"0": "a"}}'],
    b"\7": [b"a: &x [1, {b: c}]\nd: *x\ne: |\n  f\n  g\nh: 'i''j'\n<<: k\n"],
}
for first, texts in vocabularies.items():
    for content in texts:
        put("vocabulary", first + content)
        put("vocabulary", b"\6" + content)
