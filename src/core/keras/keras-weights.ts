/** Variables of layers as Keras files hold them, in TensorFlow's layouts. */

export interface KerasTensor {
  shape: number[];
  values: Float32Array;
}

/** Where a layer's variables are looked up. */
export interface LayerPlace {
  /** Names of models and of the layer, the outermost model left out. */
  path: string[];
  /** Group in model.weights.h5. */
  store: string;
}

export interface KerasWeights {
  /**
   * The layer's variables, in the order of `names`, which are Keras' own (kernel, bias): files that have no names go by that order.
   * @param shapes what they must be
   * @throws StarsseError mismatch, file-invalid
   */
  of(layer: LayerPlace, names: readonly string[], shapes: readonly number[][]): KerasTensor[];
}
