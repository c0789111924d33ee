"""Writes what people have: a checkpoint of a PyTorch training with tied weights, and a Keras model as .h5.

usage: old_files.py FILE.pth FILE.h5
"""
import sys

import keras
import torch

layer = torch.nn.Linear(4, 3)
state = {"fc.weight": layer.weight, "fc.bias": layer.bias, "tied.weight": layer.weight}
torch.save({"epoch": 3, "state_dict": state}, sys.argv[1])
model = keras.Sequential([keras.Input((2, 2, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
model.save(sys.argv[2])
