package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import dev.hlotune.trainer.source.RawRecord;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** Turns records into examples: parse, render, encode, weigh, cut. Thread-safe. */
final class RecordEncoder {
  private final DataOptions options;
  private final Tokenizer tokenizer;
  private final int modelVocabulary;
  private final RecordParser parser;
  private final Renderer renderer;
  private final EndTokens ends;
  private final ExampleCutter cutter;

  RecordEncoder(DataOptions options, Tokenizer tokenizer, int modelVocabulary, ZonedDateTime now) {
    this.options = options;
    this.tokenizer = tokenizer;
    this.modelVocabulary = modelVocabulary;
    this.parser = new RecordParser(options.source().columns());
    this.renderer = new Renderer(options.template(), options.supervision(), tokenizer, now);
    this.ends = EndTokens.of(options.template(), tokenizer);
    this.cutter =
        new ExampleCutter(options.maxLength(), options.truncation(), options.keepUnlearned());
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
    Sink sink = new Sink(chunk, origin, PackedOrigin.pack(file, origin));
    List<Example> examples;
    try {
      SourceRecord source = parser.parse(record);
      chunk.details.read(RecordKind.of(source));
      if (!options.keepUnlearned()
          && source instanceof SourceRecord.Conversation conversation
          && isUnsupervised(conversation)) {
        sink.drop(DropReason.NO_ASSISTANT_TURN);
        return;
      }
      examples = examples(source);
      if (examples.isEmpty() && options.keepUnlearned()) {
        throw new DataException(origin, null, "record: expected at least one token, got none");
      }
    } catch (DataException e) {
      if (options.onBadRecord() == OnBadRecord.ERROR) {
        throw e;
      }
      chunk.drop(DropReason.BAD_RECORD, origin, problem(e, origin), sink.place);
      return;
    }
    if (examples.isEmpty()) { // A template may write nothing.
      sink.drop(DropReason.NO_SUPERVISED_TOKEN);
    }
    for (Example example : examples) {
      cutter.cut(example.ids(), example.weights(), sink);
    }
  }

  /** What is wrong, without the place. */
  private static String problem(DataException e, Origin origin) {
    String message = String.valueOf(e.getMessage());
    String place = origin + ": ";
    return message.startsWith(place) ? message.substring(place.length()) : message;
  }

  private boolean isUnsupervised(SourceRecord.Conversation conversation) {
    for (float weight : options.supervision().weights(conversation.messages())) {
      if (weight != 0) {
        return false;
      }
    }
    return true;
  }

  private List<Example> examples(SourceRecord source) {
    if (source instanceof SourceRecord.Tokens(Example example, _)) {
      return List.of(example);
    }
    List<Example> examples = new ArrayList<>();
    for (Rendered rendered : renderer.render(source)) {
      Encoded encoded = tokenizer.encode(rendered.text());
      if (encoded.length() > 0) {
        float[] weights = LossWeights.of(rendered, encoded);
        if (options.supervision().end() != TrainOnEnd.TURN) {
          ends.unlearn(encoded.ids(), weights, options.supervision().end() == TrainOnEnd.LAST);
        }
        examples.add(new Example(encoded.ids(), weights));
      }
    }
    return examples;
  }

  /** Puts what comes of one record into a chunk. */
  private final class Sink implements ExampleCutter.Sink {
    private final EncodedChunk chunk;
    private final Origin origin;
    private final long place;

    Sink(EncodedChunk chunk, Origin origin, long place) {
      this.chunk = chunk;
      this.origin = origin;
      this.place = place;
    }

    @Override
    public void add(int[] ids, float[] weights, int from, int to) {
      checkVocabulary(ids, from, to, modelVocabulary, tokenizer, origin);
      chunk.add(ids, weights, from, to, place);
    }

    @Override
    public void drop(DropReason reason) {
      chunk.drop(reason, origin, reason.label(), place);
    }

    @Override
    public void truncated(int tokens) {
      chunk.truncated++;
      chunk.details.truncated(place);
      chunk.truncatedTokens += tokens;
    }
  }

  /** Refuses ids that the model has no embedding for. */
  static void checkVocabulary(
      int[] ids, int from, int to, int modelVocabulary, Tokenizer tokenizer, Origin origin) {
    for (int i = from; i < to; i++) {
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
