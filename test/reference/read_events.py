"""Reads a folder of event files with TensorBoard's own reader and prints what it shows, as JSON."""
import json
import logging
import sys

logging.disable(logging.CRITICAL)
from tensorboard.backend.event_processing import event_accumulator  # noqa: E402
from tensorboard.backend.event_processing import plugin_event_multiplexer  # noqa: E402
from tensorboard.plugins.hparams import metadata  # noqa: E402

accumulator = event_accumulator.EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
accumulator.Reload()
# The reader behind TensorBoard's pages: scalars as the dashboard gets them.
multiplexer = plugin_event_multiplexer.EventMultiplexer()
multiplexer.AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()


def hparams(tag):
    content = accumulator.SummaryMetadata(tag).plugin_data.content
    if tag.endswith("start_info"):
        info = metadata.parse_session_start_info_plugin_data(content)
        return {key: getattr(value, value.WhichOneof("kind")) for key, value in info.hparams.items()}
    return metadata.parse_session_end_info_plugin_data(content).status


tags = accumulator.Tags()
print(json.dumps({
    "fileVersion": accumulator.file_version,
    "scalars": {tag: [[event.step, event.value] for event in accumulator.Scalars(tag)] for tag in tags["scalars"]},
    "shown": sorted(tag for run in multiplexer.PluginRunToTagToContent("scalars").values() for tag in run),
    "text": {tag: accumulator.Tensors(tag)[0].tensor_proto.string_val[0].decode() for tag in accumulator.PluginTagToContent("text")},
    "hparams": {tag: hparams(tag) for tag in accumulator.PluginTagToContent("hparams")},
}))
