/**
 * The kernels as operations of TensorFlow, by its C interface, in an addon of Node that tells which of them this processor has:
 * { operations: string[], wide: boolean, setThreads(threads: number): void }.
 */
#include <node_api.h>
#include <tensorflow/c/kernels.h>
#include <tensorflow/c/ops.h>
#include <tensorflow/c/tf_tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "kernels.h"
#include "threads.h"

namespace {

struct DeleteStatus {
  void operator()(TF_Status* status) const { TF_DeleteStatus(status); }
};
struct DeleteTensor {
  void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); }
};
using Status = std::unique_ptr<TF_Status, DeleteStatus>;
using Tensor = std::unique_ptr<TF_Tensor, DeleteTensor>;

/** What an operation is given and gives. The first failure ends it. */
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context(context), status(TF_NewStatus()) {}

  bool failed() const { return TF_GetCode(status.get()) != TF_OK; }

  Tensor input(int index) {
    TF_Tensor* tensor = nullptr;
    if (!failed()) TF_GetInput(context, index, &tensor, status.get());
    return Tensor(tensor);
  }

  Tensor output(int index, const std::vector<int64_t>& shape) {
    int64_t size = sizeof(float);
    for (const int64_t length : shape) size *= length;
    return Tensor(failed() ? nullptr : TF_AllocateOutput(context, index, TF_FLOAT, shape.data(), shape.size(), size, status.get()));
  }

  void require(bool condition, const char* message) {
    if (!failed() && !condition) TF_SetStatus(status.get(), TF_INVALID_ARGUMENT, message);
  }

  ~Call() {
    if (failed()) TF_OpKernelContext_Failure(context, status.get());
  }

 private:
  TF_OpKernelContext* context;
  Status status;
};

float* numbers(const Tensor& tensor) { return static_cast<float*>(TF_TensorData(tensor.get())); }

std::vector<int64_t> shapeOf(const Tensor& tensor) {
  std::vector<int64_t> shape(TF_NumDims(tensor.get()));
  for (size_t axis = 0; axis < shape.size(); axis++) shape[axis] = TF_Dim(tensor.get(), axis);
  return shape;
}

int64_t sizeOf(const Tensor& tensor) { return TF_TensorElementCount(tensor.get()); }

/** Attributes of a node of a graph. */
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* construction) : construction(construction), status(TF_NewStatus()) {}
  float real(const char* name) {
    float value = 0;
    TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status.get());
    return value;
  }
  bool flag(const char* name) {
    unsigned char value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction, name, &value, status.get());
    return value != 0;
  }
  int64_t whole(const char* name) {
    int64_t value = 0;
    TF_OpKernelConstruction_GetAttrInt64(construction, name, &value, status.get());
    return value;
  }
  ~Attributes() {
    if (TF_GetCode(status.get()) != TF_OK) TF_OpKernelConstruction_Failure(construction, status.get());
  }

 private:
  TF_OpKernelConstruction* construction;
  Status status;
};

struct BatchNorm {
  float epsilon;
  bool relu;

  static BatchNorm from(Attributes& attributes) { return {attributes.real("epsilon"), attributes.flag("relu")}; }

  void compute(Call& call) const {
    const Tensor x = call.input(0), scale = call.input(1), offset = call.input(2);
    if (call.failed()) return;
    const int64_t channels = sizeOf(scale);
    call.require(channels > 0 && channels % 8 == 0 && sizeOf(offset) == channels && sizeOf(x) % channels == 0 && sizeOf(x) > 0, "StarsseBatchNorm: shapes do not fit");
    if (call.failed()) return;
    const Tensor y = call.output(0, shapeOf(x)), mean = call.output(1, {channels}), variance = call.output(2, {channels});
    if (call.failed()) return;
    starsse::batchNorm(numbers(x), numbers(scale), numbers(offset), {sizeOf(x) / channels, channels}, epsilon, relu, numbers(y), numbers(mean), numbers(variance));
  }
};

/** Of a batch norm, or of a relu behind one, which comes in last. */
template <bool RELU>
struct BatchNormGrad {
  float epsilon;

  static BatchNormGrad from(Attributes& attributes) { return {attributes.real("epsilon")}; }

  void compute(Call& call) const {
    const Tensor dy = call.input(0), x = call.input(1), scale = call.input(2), mean = call.input(3), variance = call.input(4);
    const Tensor y = RELU ? call.input(5) : nullptr;
    if (call.failed()) return;
    const int64_t channels = sizeOf(scale), size = sizeOf(x);
    call.require(channels > 0 && channels % 8 == 0 && size > 0 && size % channels == 0 && sizeOf(mean) == channels && sizeOf(variance) == channels && sizeOf(dy) == size && (!RELU || sizeOf(y) == size),
                 "StarsseBatchNormGrad: shapes do not fit");
    if (call.failed()) return;
    const Tensor dx = call.output(0, shapeOf(x)), dscale = call.output(1, {channels}), doffset = call.output(2, {channels});
    if (call.failed()) return;
    starsse::batchNormGradient(numbers(dy), RELU ? numbers(y) : nullptr, numbers(x), numbers(scale), numbers(mean), numbers(variance), {size / channels, channels}, epsilon, numbers(dx),
                               numbers(dscale), numbers(doffset));
  }
};

/** Of a convolution: how long the gradient is, how far the filter moves, the zeros before an image. */
struct Steps {
  int64_t height, width, stride, top, left;

  static Steps from(Attributes& attributes) {
    return {attributes.whole("height"), attributes.whole("width"), attributes.whole("stride"), attributes.whole("top"), attributes.whole("left")};
  }
  bool fit() const { return height > 0 && width > 0 && stride > 0 && top >= 0 && left >= 0; }
};

struct FilterGradient : Steps {
  static FilterGradient from(Attributes& attributes) { return {Steps::from(attributes)}; }

  void compute(Call& call) const {
    const Tensor x = call.input(0), dy = call.input(1);
    if (call.failed()) return;
    const std::vector<int64_t> in = shapeOf(x), out = shapeOf(dy);
    call.require(in.size() == 4 && out.size() == 4 && in[0] == out[0] && out[1] > 0 && out[2] > 0 && out[3] % 8 == 0, "StarsseFilterGradient: shapes do not fit");
    call.require(fit(), "StarsseFilterGradient: attributes do not fit");
    if (call.failed()) return;
    const Tensor gradient = call.output(0, {height, width, in[3], out[3]});
    if (call.failed()) return;
    starsse::filterGradient(numbers(x), numbers(dy), {in[0], in[1], in[2], in[3], out[1], out[2], out[3], height, width, stride, top, left}, numbers(gradient));
  }
};

struct InputGradient : Steps {
  static InputGradient from(Attributes& attributes) { return {Steps::from(attributes)}; }

  void compute(Call& call) const {
    const Tensor filter = call.input(0), dy = call.input(1);
    if (call.failed()) return;
    const std::vector<int64_t> taps = shapeOf(filter), out = shapeOf(dy);
    call.require(taps.size() == 4 && out.size() == 4 && taps[3] == out[3] && out[1] > 0 && out[2] > 0 && taps[0] > 0 && taps[1] > 0 && taps[2] > 0 && taps[2] % 8 == 0,
                 "StarsseInputGradient: shapes do not fit");
    call.require(fit(), "StarsseInputGradient: attributes do not fit");
    if (call.failed()) return;
    const Tensor gradient = call.output(0, {out[0], height, width, taps[2]});
    if (call.failed()) return;
    starsse::inputGradient(numbers(filter), numbers(dy), {out[0], height, width, taps[2], out[1], out[2], out[3], taps[0], taps[1], stride, top, left}, numbers(gradient));
  }
};

struct Sgd {
  bool decays, nesterov;

  static Sgd from(Attributes& attributes) { return {attributes.flag("decays"), attributes.flag("nesterov")}; }

  void compute(Call& call) const {
    const Tensor weight = call.input(0), gradient = call.input(1), velocity = call.input(2), rate = call.input(3), momentum = call.input(4), minusDecay = call.input(5);
    if (call.failed()) return;
    const int64_t size = sizeOf(weight);
    call.require(sizeOf(gradient) == size && sizeOf(velocity) == size && sizeOf(rate) == 1 && sizeOf(momentum) == 1 && sizeOf(minusDecay) == 1, "StarsseSgd: shapes do not fit");
    if (call.failed()) return;
    const Tensor newWeight = call.output(0, shapeOf(weight)), newVelocity = call.output(1, shapeOf(weight));
    if (call.failed()) return;
    starsse::sgd(numbers(weight), numbers(gradient), numbers(velocity), {*numbers(rate), *numbers(momentum), *numbers(minusDecay)}, decays, nesterov, size, numbers(newWeight), numbers(newVelocity));
  }
};

struct Adamw {
  bool decays;

  static Adamw from(Attributes& attributes) { return {attributes.flag("decays")}; }

  void compute(Call& call) const {
    const Tensor weight = call.input(0), gradient = call.input(1), moment1 = call.input(2), moment2 = call.input(3);
    if (call.failed()) return;
    const int64_t size = sizeOf(weight);
    call.require(sizeOf(gradient) == size && sizeOf(moment1) == size && sizeOf(moment2) == size, "StarsseAdamw: shapes do not fit");
    float rates[8];
    for (int index = 0; index < 8; index++) {
      const Tensor rate = call.input(4 + index);
      if (!call.failed()) call.require(sizeOf(rate) == 1, "StarsseAdamw: shapes do not fit");
      if (call.failed()) return;
      rates[index] = *numbers(rate);
    }
    const Tensor newWeight = call.output(0, shapeOf(weight)), newMoment1 = call.output(1, shapeOf(weight)), newMoment2 = call.output(2, shapeOf(weight));
    if (call.failed()) return;
    starsse::adamw(numbers(weight), numbers(gradient), numbers(moment1), numbers(moment2), {rates[0], rates[1], rates[2], rates[3], rates[4], rates[5], rates[6], rates[7]}, decays, size,
                   numbers(newWeight), numbers(newMoment1), numbers(newMoment2));
  }
};

struct Softmax {
  static Softmax from(Attributes&) { return {}; }

  void compute(Call& call) const {
    const Tensor x = call.input(0);
    if (call.failed()) return;
    const std::vector<int64_t> shape = shapeOf(x);
    call.require(!shape.empty() && sizeOf(x) > 0, "StarsseSoftmax: shapes do not fit");
    if (call.failed()) return;
    const Tensor y = call.output(0, shape);
    if (call.failed()) return;
    starsse::softmax(numbers(x), {sizeOf(x) / shape.back(), shape.back()}, numbers(y));
  }
};

struct LayerNorm {
  float epsilon;

  static LayerNorm from(Attributes& attributes) { return {attributes.real("epsilon")}; }

  void compute(Call& call) const {
    const Tensor x = call.input(0), scale = call.input(1), offset = call.input(2);
    if (call.failed()) return;
    const int64_t channels = sizeOf(scale), size = sizeOf(x);
    call.require(channels > 0 && channels % 8 == 0 && sizeOf(offset) == channels && size > 0 && size % channels == 0, "StarsseLayerNorm: shapes do not fit");
    if (call.failed()) return;
    const int64_t rows = size / channels;
    const Tensor y = call.output(0, shapeOf(x)), mean = call.output(1, {rows, 1}), variance = call.output(2, {rows, 1});
    if (call.failed()) return;
    starsse::layerNorm(numbers(x), numbers(scale), numbers(offset), {rows, channels}, epsilon, numbers(y), numbers(mean), numbers(variance));
  }
};

struct LayerNormGrad {
  float epsilon;

  static LayerNormGrad from(Attributes& attributes) { return {attributes.real("epsilon")}; }

  void compute(Call& call) const {
    const Tensor dy = call.input(0), x = call.input(1), scale = call.input(2), mean = call.input(3), variance = call.input(4);
    if (call.failed()) return;
    const int64_t channels = sizeOf(scale), size = sizeOf(x);
    call.require(channels > 0 && channels % 8 == 0 && size > 0 && size % channels == 0 && sizeOf(dy) == size && sizeOf(mean) == size / channels && sizeOf(variance) == size / channels,
                 "StarsseLayerNormGrad: shapes do not fit");
    if (call.failed()) return;
    const Tensor dx = call.output(0, shapeOf(x)), dscale = call.output(1, {channels}), doffset = call.output(2, {channels});
    if (call.failed()) return;
    starsse::layerNormGradient(numbers(dy), numbers(x), numbers(scale), numbers(mean), numbers(variance), {size / channels, channels}, epsilon, numbers(dx), numbers(dscale), numbers(doffset));
  }
};

struct Gelu {
  static Gelu from(Attributes&) { return {}; }

  void compute(Call& call) const {
    const Tensor x = call.input(0);
    if (call.failed()) return;
    const Tensor y = call.output(0, shapeOf(x));
    if (!call.failed()) starsse::gelu(numbers(x), sizeOf(x), numbers(y));
  }
};

struct GeluGrad {
  static GeluGrad from(Attributes&) { return {}; }

  void compute(Call& call) const {
    const Tensor x = call.input(0), dy = call.input(1);
    if (call.failed()) return;
    call.require(sizeOf(x) == sizeOf(dy), "StarsseGeluGrad: shapes do not fit");
    if (call.failed()) return;
    const Tensor dx = call.output(0, shapeOf(x));
    if (!call.failed()) starsse::geluGradient(numbers(x), numbers(dy), sizeOf(x), numbers(dx));
  }
};

template <typename Kernel>
void* create(TF_OpKernelConstruction* construction) {
  Attributes attributes(construction);
  return new Kernel(Kernel::from(attributes));
}

template <typename Kernel>
void compute(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  static_cast<Kernel*>(kernel)->compute(call);
}

template <typename Kernel>
void destroy(void* kernel) {
  delete static_cast<Kernel*>(kernel);
}

/** An output has the shape of the input with this number. */
template <int... INPUTS>
void shapes(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* shape = TF_NewShapeHandle();
  int output = 0;
  ((TF_ShapeInferenceContextGetInput(context, INPUTS, shape, status), TF_GetCode(status) == TF_OK ? TF_ShapeInferenceContextSetOutput(context, output++, shape, status) : void()), ...);
  TF_DeleteShapeHandle(shape);
}

/** The first output has the shape of the input with this number, the others one that nobody asks for. */
template <int INPUT>
void firstShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
  if (TF_GetCode(status) == TF_OK) shapes<INPUT>(context, status);
}

void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(context, status); }

std::vector<std::string> operations;

bool wide() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

/** Tells TensorFlow of an operation, once a process. */
template <typename Kernel>
void add(const char* name, std::vector<const char*> inputs, std::vector<const char*> outputs, std::vector<const char*> attributes, void (*shape)(TF_ShapeInferenceContext*, TF_Status*)) {
  const Status status(TF_NewStatus());
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, shape);
  TF_RegisterOpDefinition(builder, status.get());
  if (TF_GetCode(status.get()) == TF_OK) TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", create<Kernel>, compute<Kernel>, destroy<Kernel>), status.get());
  if (TF_GetCode(status.get()) == TF_OK) operations.push_back(name);
}

void addAll() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;  // what the kernels are compiled for
#endif
  add<BatchNorm>("StarsseBatchNorm", {"x: float", "scale: float", "offset: float"}, {"y: float", "mean: float", "variance: float"}, {"epsilon: float", "relu: bool"}, shapes<0, 1, 1>);
  add<BatchNormGrad<false>>("StarsseBatchNormGrad", {"dy: float", "x: float", "scale: float", "mean: float", "variance: float"}, {"dx: float", "dscale: float", "doffset: float"}, {"epsilon: float"},
                            shapes<1, 2, 2>);
  add<BatchNormGrad<true>>("StarsseBatchNormReluGrad", {"dy: float", "x: float", "scale: float", "mean: float", "variance: float", "y: float"}, {"dx: float", "dscale: float", "doffset: float"},
                           {"epsilon: float"}, shapes<1, 2, 2>);
  add<FilterGradient>("StarsseFilterGradient", {"x: float", "dy: float"}, {"gradient: float"}, {"height: int", "width: int", "stride: int", "top: int", "left: int"}, unknownShape);
  add<InputGradient>("StarsseInputGradient", {"filter: float", "dy: float"}, {"gradient: float"}, {"height: int", "width: int", "stride: int", "top: int", "left: int"}, unknownShape);
  add<Sgd>("StarsseSgd", {"weight: float", "gradient: float", "velocity: float", "rate: float", "momentum: float", "minus_decay: float"}, {"new_weight: float", "new_velocity: float"},
           {"decays: bool", "nesterov: bool"}, shapes<0, 0>);
  add<Adamw>("StarsseAdamw",
             {"weight: float", "gradient: float", "moment1: float", "moment2: float", "beta1: float", "rest1: float", "beta2: float", "rest2: float", "correction: float", "epsilon: float", "pace: float",
              "shrink: float"},
             {"new_weight: float", "new_moment1: float", "new_moment2: float"}, {"decays: bool"}, shapes<0, 0, 0>);
  add<Softmax>("StarsseSoftmax", {"x: float"}, {"y: float"}, {}, shapes<0>);
  add<LayerNorm>("StarsseLayerNorm", {"x: float", "scale: float", "offset: float"}, {"y: float", "mean: float", "variance: float"}, {"epsilon: float"}, firstShape<0>);
  add<LayerNormGrad>("StarsseLayerNormGrad", {"dy: float", "x: float", "scale: float", "mean: float", "variance: float"}, {"dx: float", "dscale: float", "doffset: float"}, {"epsilon: float"}, shapes<1, 2, 2>);
  add<Gelu>("StarsseGelu", {"x: float"}, {"y: float"}, {}, shapes<0>);
  add<GeluGrad>("StarsseGeluGrad", {"x: float", "dy: float"}, {"dx: float"}, {}, shapes<0>);
}

napi_value setThreads(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t threads = 1;
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) == napi_ok && count == 1 && napi_get_value_int32(env, argument, &threads) == napi_ok) starsse::setThreads(threads);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  if (operations.empty()) addAll();
  napi_value names, isWide, function;
  napi_create_array_with_length(env, operations.size(), &names);
  for (size_t index = 0; index < operations.size(); index++) {
    napi_value name;
    napi_create_string_utf8(env, operations[index].c_str(), operations[index].size(), &name);
    napi_set_element(env, names, index, name);
  }
  napi_set_named_property(env, exports, "operations", names);
  napi_get_boolean(env, wide(), &isWide);
  napi_set_named_property(env, exports, "wide", isWide);
  napi_create_function(env, "setThreads", NAPI_AUTO_LENGTH, setThreads, nullptr, &function);
  napi_set_named_property(env, exports, "setThreads", function);
  return exports;
}
