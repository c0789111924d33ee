"""Writes Keras models with random weights, and what they give for random images, as <name>.keras and <name>.safetensors (x, y).

usage: keras_models.py FOLDER NAME...   names: MobileNetV2 ResNet50 EfficientNetB0 tiny stock nested
"""
import sys
import zipfile

import keras
import numpy as np
from keras import layers
from safetensors.numpy import save_file

rng = np.random.default_rng(1)
SIZE = 64


def application(name):
    return getattr(keras.applications, name)(weights=None, input_shape=(SIZE, SIZE, 3), classes=5)


def tiny():
    """Every kind that the three applications use, at odd sizes, with each form of padding."""
    image = keras.Input((15, 12, 3), name="image")
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(image)
    x = layers.Normalization(axis=-1)(x)
    x = layers.ZeroPadding2D(((1, 2), (0, 1)))(x)
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="stem")(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU(6.0)(x)
    y = layers.DepthwiseConv2D(5, strides=1, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(scale=False)(y)
    y = layers.Activation("swish")(y)
    squeeze = layers.GlobalAveragePooling2D()(y)
    squeeze = layers.Reshape((1, 1, 8))(squeeze)
    squeeze = layers.Conv2D(2, 1, activation="relu")(squeeze)
    squeeze = layers.Conv2D(8, 1, activation="sigmoid")(squeeze)
    y = layers.Multiply()([squeeze, y])
    y = layers.Conv2D(8, 1, groups=2)(y)
    y = layers.Dropout(0.2, noise_shape=(None, 1, 1, 1))(y)
    x = layers.Add()([x, y, x])
    x = layers.Concatenate()([layers.MaxPooling2D(2)(x), layers.AveragePooling2D(2)(x)])
    x = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.1)(x)
    x = layers.Dense(6, activation="gelu")(x)
    x = layers.LayerNormalization()(x)
    return keras.Model(image, layers.Dense(4, activation="softmax", name="head")(x), name="tiny")


def stock():
    """Layers that only TensorFlow.js' own layers compute."""
    image = keras.Input((12, 10, 3))
    x = layers.Conv2D(4, (3, 2), strides=(2, 1), padding="same", activation="elu")(image)
    x = layers.SeparableConv2D(6, 3, padding="same")(x)
    x = layers.LeakyReLU(negative_slope=0.1)(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    x = layers.PReLU(shared_axes=[1, 2])(x)
    x = layers.Maximum()([x, layers.UpSampling2D(2)(layers.AveragePooling2D(2, padding="same")(x))])
    x = layers.Cropping2D(((1, 1), (2, 2)))(x)
    x = layers.MaxPooling2D((3, 2), padding="same")(x)
    x = layers.Permute((2, 1, 3))(x)
    x = layers.TimeDistributed(layers.Dense(3, activation="tanh"))(x)
    x = layers.Reshape((8, 12))(x)
    x = layers.Conv1D(6, 3, padding="same", activation="softplus")(x)
    x = layers.Bidirectional(layers.LSTM(5, return_sequences=True))(x)
    x = layers.GRU(4, reset_after=False)(x)
    return keras.Model(image, layers.Dense(3, activation="softmax")(x), name="stock")


def nested():
    """Models in models, one of them Sequential, one in another."""
    inner = keras.Sequential([keras.Input((8, 8, 4)), layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization(), layers.ReLU()], name="inner")
    a = keras.Input((16, 16, 3))
    body = keras.Model(a, inner(layers.Conv2D(4, 3, strides=2, padding="same", name="conv2d")(a)), name="body")
    image = keras.Input((16, 16, 3), name="image 1")
    x = layers.GlobalAveragePooling2D()(body(layers.Conv2D(3, 1, name="conv2d")(image)))
    return keras.Model(image, layers.Dense(3)(x), name="outer model")


def randomise(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            randomise(layer)
            continue
        for variable in layer.weights:
            shape, name = variable.shape, variable.path.split("/")[-1]
            if name == "count":
                continue
            if "variance" in name:
                variable.assign(rng.uniform(0.5, 2, shape))
            elif name == "gamma":
                variable.assign(rng.uniform(0.6, 1.2, shape))
            elif len(shape) < 2:
                variable.assign(rng.normal(0, 0.1, shape))
            else:
                inputs = np.prod(shape[:2]) if "Depthwise" in type(layer).__name__ else np.prod(shape[:-1])
                variable.assign(rng.normal(0, np.sqrt(2 / inputs), shape))


def pack(file):
    """Keras does not pack; a fixture is better small."""
    with zipfile.ZipFile(file) as whole:
        entries = [(entry.filename, whole.read(entry)) for entry in whole.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)


def write(folder, name):
    model = {"tiny": tiny, "stock": stock, "nested": nested}.get(name, lambda: application(name))()
    randomise(model)
    x = rng.uniform(0, 255, (2, *model.input_shape[1:])).astype("float32")
    if name not in ("EfficientNetB0", "tiny"):
        x = x / np.float32(127.5) - np.float32(1)
    head = model.layers[-1]
    # Logits: what the last layer gives without its softmax.
    head.activation = keras.activations.linear
    y = np.asarray(keras.ops.convert_to_numpy(model(x, training=False)))
    head.activation = keras.activations.softmax
    model.save(f"{folder}/{name}.keras")
    if name in ("tiny", "stock", "nested"):
        pack(f"{folder}/{name}.keras")
    save_file({"x": x, "y": y.astype("float32")}, f"{folder}/{name}.safetensors")


for name in sys.argv[2:]:
    write(sys.argv[1], name)
