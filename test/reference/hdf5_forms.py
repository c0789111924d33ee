"""Writes HDF5 files in every form that networks come in, and what is in them as JSON: python hdf5_forms.py FOLDER."""
import json
import sys
from pathlib import Path

import h5py
import numpy as np


def forms(path, libver):
    """One file; 'earliest' is what h5py writes by default, 'latest' what it writes when asked for."""
    rng = np.random.default_rng(0)
    expected = {"tensors": {}, "texts": {}, "names": {}}

    def add(group, name, values, **how):
        group.create_dataset(name, data=values, **how)
        where = f"{group.name}/{name}".lstrip("/")
        shown = values.astype(np.float64)
        expected["tensors"][where] = {"dtype": values.dtype.str, "shape": list(values.shape), "values": shown.ravel().tolist()}

    with h5py.File(path, "w", libver=libver) as file:
        file.attrs["keras_version"] = "3.15.0"
        file.attrs["fixed"] = np.bytes_(b"tensorflow")
        file.attrs["names"] = ["one", "two", "drei ä"]
        file.attrs["number"] = 7
        expected["texts"] = {"keras_version": ["3.15.0"], "fixed": ["tensorflow"], "names": ["one", "two", "drei ä"]}
        types = file.create_group("types")
        for name in ["<f2", "<f4", "<f8", ">f4", ">f8", "i1", "<i2", "<i4", "<i8", "u1", "<u2", "<u4", ">u2", "<u8"]:
            add(types, name.replace("<", "little-").replace(">", "big-"), np.arange(6).reshape(2, 3).astype(name) * np.array(7).astype(name))
        add(types, "bool", np.array([True, False, True]))
        add(types, "scalar", np.array(2.5, dtype="<f4"))
        add(types, "empty", np.zeros((0, 4), dtype="<f4"))
        packed = file.create_group("packed")
        values = rng.normal(size=(37, 11)).astype("<f4")
        add(packed, "whole", values)
        if libver == "earliest":
            # The latest format puts chunks of a fixed shape into arrays, which networks do not use.
            add(packed, "chunks", values, chunks=(8, 4))
            add(packed, "deflate", values, chunks=(8, 4), compression="gzip")
            add(packed, "shuffle", values, chunks=(16, 11), compression="gzip", shuffle=True, fletcher32=True)
            add(packed, "cube", rng.normal(size=(5, 6, 7)).astype("<f8"), chunks=(2, 4, 3), shuffle=True, compression="gzip")
        else:
            add(packed, "one", values, chunks=(37, 11), compression="gzip")
        packed.create_dataset("unwritten", shape=(3, 2), dtype="<f4")
        expected["tensors"]["packed/unwritten"] = {"dtype": "<f4", "shape": [3, 2], "values": [0.0] * 6}
        # Keras keeps the order of creation, which turns a group of nine into a heap with a tree; one tensor with many names makes it deep.
        for count, track in [(3, True), (9, True), (1500, True), (200, False)]:
            group = file.create_group(f"many-{count}", track_order=track)
            add(group, "a_tensor_with_a_rather_long_name", np.arange(3, dtype="<i2"))
            for index in range(1, count):
                group[str(index)] = group["a_tensor_with_a_rather_long_name"]
            expected["names"][f"many-{count}"] = count
        file["soft"] = h5py.SoftLink("/types/bool")
        file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/x")
    return expected


def head_of_large(path, head):
    """5 GB that were never written; what lies before them is all there is to keep."""
    with h5py.File(path, "w") as file:
        file.create_dataset("small", data=np.array([1, 2, 3], dtype="<f4"))
        how = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        how.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        how.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
        h5py.h5d.create(file.id, b"large", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((1_250_000_000,)), how)
    with path.open("rb") as file:
        head.write_bytes(file.read(path.stat().st_size - 5_000_000_000))
    path.unlink()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    head_of_large(folder / "large.h5", folder / "large-head.bin")
    found = {name: forms(folder / f"{name}.h5", name) for name in ["earliest", "latest"]}
    (folder / "expected.json").write_text(json.dumps(found, separators=(",", ":")))
