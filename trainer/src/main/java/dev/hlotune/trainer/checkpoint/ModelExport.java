package dev.hlotune.trainer.checkpoint;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model directory is made of.
 *
 * @param base the model directory that training started from, or the {@code config.json} alone of a
 *     model that started from random weights
 * @param configChanges the keys of {@code config.json} that are other than the base's, such as a
 *     {@code vocab_size} taken from the tokenizer
 * @param tensors the weights under their Hugging Face names; a tied head is left out
 * @param maxShardBytes how large a file of weights may be; more of them are written where they do
 *     not fit into one
 * @param tokenizer the folder of the tokenizer's files, which are copied untouched
 * @param tokenizerChanges contents by name of those of them that are not to be copied, but to be
 *     written so
 * @param chatTemplate the Jinja text of the template that was trained with, where it is not the one
 *     in the tokenizer's folder
 * @param specialTokens the ids to generate with
 */
public record ModelExport(
    Path base,
    Map<String, Object> configChanges,
    Collection<? extends WritableTensor> tensors,
    long maxShardBytes,
    Optional<Path> tokenizer,
    Map<String, byte[]> tokenizerChanges,
    Optional<String> chatTemplate,
    SpecialTokens specialTokens) {
  /** Keeps its own copies of the collections, in the order given. */
  public ModelExport {
    configChanges = Collections.unmodifiableMap(new LinkedHashMap<>(configChanges));
    tokenizerChanges = Map.copyOf(tokenizerChanges);
    tensors = List.copyOf(tensors);
    if (maxShardBytes < 1) {
      throw new IllegalArgumentException("shards: expected at least 1 byte, got " + maxShardBytes);
    }
  }
}
