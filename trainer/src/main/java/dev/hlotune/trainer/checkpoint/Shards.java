package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weights in one file, or in several with an index, split as {@code save_pretrained} splits them
 * (huggingface_hub's {@code split_state_dict_into_shards_factory}, transformers 5.23).
 */
final class Shards {
  private Shards() {}

  /**
   * Writes all tensors, one file after the other.
   *
   * @param folder where to
   * @param tensors in any order
   * @param maxBytes how large a file may be; a larger tensor has a file of its own
   */
  static void write(Path folder, Collection<? extends WritableTensor> tensors, long maxBytes)
      throws IOException {
    List<WritableTensor> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparing(WritableTensor::name, NaturalOrder.INSTANCE));
    List<List<WritableTensor>> shards = split(ordered, maxBytes);
    if (shards.size() == 1) {
      SafetensorsWriter.write(folder.resolve(ModelWeights.SINGLE), shards.getFirst());
      return;
    }
    Map<String, Object> files = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      SafetensorsWriter.write(folder.resolve(file), shards.get(i));
      shards.get(i).forEach(tensor -> files.put(tensor.name(), file));
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(
        "total_parameters", tensors.stream().mapToLong(WritableTensor::elementCount).sum());
    metadata.put("total_size", tensors.stream().mapToLong(WritableTensor::byteSize).sum());
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("metadata", metadata);
    index.put("weight_map", files);
    AtomicFile.write(folder.resolve(ModelWeights.INDEX), JsonFile.print(index));
  }

  /** The tensors of each file, in order; one without any where there are no tensors. */
  static List<List<WritableTensor>> split(
      Collection<? extends WritableTensor> tensors, long maxBytes) {
    List<List<WritableTensor>> shards = new ArrayList<>();
    List<WritableTensor> current = new ArrayList<>();
    long size = 0;
    for (WritableTensor tensor : tensors) {
      if (tensor.byteSize() > maxBytes) {
        shards.add(List.of(tensor));
        continue;
      }
      if (size + tensor.byteSize() > maxBytes) {
        shards.add(current);
        current = new ArrayList<>();
        size = 0;
      }
      current.add(tensor);
      size += tensor.byteSize();
    }
    if (!current.isEmpty() || shards.isEmpty()) {
      shards.add(current);
    }
    return shards;
  }
}
