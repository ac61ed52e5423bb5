package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.util.List;

/** Turns records into examples: parse, render, encode, weigh, cut. Thread-safe. */
final class RecordEncoder {
  private final DataOptions options;
  private final Tokenizer tokenizer;
  private final int modelVocabulary;
  private final RecordParser parser;
  private final Renderer renderer;

  RecordEncoder(DataOptions options, Tokenizer tokenizer, int modelVocabulary) {
    this.options = options;
    this.tokenizer = tokenizer;
    this.modelVocabulary = modelVocabulary;
    this.parser = new RecordParser(options.textField());
    this.renderer = new Renderer(options.template(), tokenizer.eosToken().orElse(null));
  }

  /**
   * Encodes some records. An error ends the chunk and is kept in it, so that order decides.
   *
   * @param file the number of their file in the list of files
   */
  EncodedChunk encode(List<RawRecord> records, int file) {
    EncodedChunk chunk = new EncodedChunk();
    try {
      for (RawRecord record : records) {
        chunk.records++;
        encode(record, file, chunk);
      }
    } catch (RuntimeException e) {
      chunk.failure = e;
    }
    return chunk;
  }

  private void encode(RawRecord record, int file, EncodedChunk chunk) {
    Origin origin = record.origin();
    Rendered rendered;
    try {
      SourceRecord source = parser.parse(record);
      if (source instanceof SourceRecord.Conversation conversation
          && conversation.messages().stream().noneMatch(message -> message.weight() != 0)) {
        drop(chunk, DropReason.NO_ASSISTANT_TURN, origin);
        return;
      }
      rendered = renderer.render(source);
    } catch (DataException e) {
      if (options.onBadRecord() == OnBadRecord.ERROR) {
        throw e;
      }
      chunk.drop(DropReason.BAD_RECORD, String.valueOf(e.getMessage()));
      return;
    }
    Encoded encoded = tokenizer.encode(rendered.text());
    int length = encoded.length();
    if (length > options.maxLength() && options.truncation() == Truncation.DROP) {
      drop(chunk, DropReason.TOO_LONG, origin);
      return;
    }
    int kept = Math.min(length, options.maxLength());
    float[] weights = LossWeights.of(rendered, encoded);
    boolean supervised = false;
    for (int i = 0; i < kept; i++) {
      supervised |= weights[i] != 0;
    }
    if (!supervised) {
      drop(chunk, DropReason.NO_SUPERVISED_TOKEN, origin);
      return;
    }
    checkVocabulary(encoded.ids(), kept, modelVocabulary, tokenizer, origin);
    if (kept < length) {
      chunk.truncated++;
      chunk.truncatedTokens += length - kept;
    }
    chunk.add(encoded.ids(), weights, kept, PackedOrigin.pack(file, origin));
  }

  private static void drop(EncodedChunk chunk, DropReason reason, Origin origin) {
    chunk.drop(reason, origin + ": " + reason.label());
  }

  /** Refuses ids that the model has no embedding for. */
  static void checkVocabulary(
      int[] ids, int length, int modelVocabulary, Tokenizer tokenizer, Origin origin) {
    for (int i = 0; i < length; i++) {
      if (ids[i] >= modelVocabulary) {
        throw new DataException(
            origin,
            null,
            "token "
                + ids[i]
                + " \""
                + tokenizer.decode(new int[] {ids[i]}, false)
                + "\": expected ids below the model's vocabulary of "
                + modelVocabulary
                + "; use the tokenizer that the model was made with");
      }
    }
  }
}
