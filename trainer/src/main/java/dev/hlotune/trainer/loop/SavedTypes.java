package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SaveType;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.StorageType;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The number format in which each weight is saved. transformers loads a model in the format of its
 * files and its Trainer saves it in the format it is loaded in; so here a tensor is saved as the
 * base has it, although it was trained in another.
 */
final class SavedTypes {
  private SavedTypes() {}

  /** The type in the file by a tensor's name there and its type on the device. */
  static BiFunction<String, StorageType, StorageType> of(SaveType type, BaseModel base)
      throws IOException {
    return switch (type) {
      case FLOAT32 -> (_, _) -> StorageType.F32;
      case BFLOAT16 -> (_, _) -> StorageType.BF16;
      case FLOAT16 -> (_, _) -> StorageType.F16;
      case AUTO -> base.hasWeights() ? asInFiles(base) : (_, held) -> held;
    };
  }

  private static BiFunction<String, StorageType, StorageType> asInFiles(BaseModel base)
      throws IOException {
    Map<String, StorageType> types = new HashMap<>();
    String embedding = base.saved().parameters().names().getFirst();
    try (ModelWeights files = ModelWeights.open(base.path())) {
      for (String name : files.tensors().keySet()) {
        types.put(name, files.tensors().get(name).type());
      }
      files.find(embedding).ifPresent(entry -> types.put(embedding, entry.type()));
    }
    // The hub's oldest files lack the prefix; a head that was not there is like the embedding.
    return (name, held) -> {
      StorageType exact = types.get(name);
      if (exact != null) {
        return exact;
      }
      StorageType bare = types.get(name.substring(name.indexOf('.') + 1));
      return bare != null ? bare : types.getOrDefault(embedding, held);
    };
  }
}
