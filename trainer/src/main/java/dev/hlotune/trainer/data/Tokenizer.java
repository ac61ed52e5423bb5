package dev.hlotune.trainer.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hlotune.trainer.source.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A Hugging Face tokenizer. Never adds special tokens, truncates or pads: what is encoded is
 * exactly the text, in which special tokens are spelled out. Thread-safe; owns native memory until
 * closed.
 *
 * <p>A special token that the vocabulary lacks is encoded as ordinary text.
 */
public final class Tokenizer implements AutoCloseable {
  /** The name of the chat template that is meant where none is named. */
  public static final String DEFAULT_TEMPLATE = TokenizerFiles.DEFAULT_TEMPLATE;

  /** The calls behind DJL's own {@code encode}, without its copies of what is not needed here. */
  private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;

  private final TokenizerFiles files;
  private final TokenizerEdit edit;
  private final HuggingFaceTokenizer tokenizer;
  private final int vocabularySize;
  private final String fingerprint;
  private volatile boolean closed;

  private Tokenizer(
      TokenizerFiles files,
      TokenizerEdit edit,
      HuggingFaceTokenizer tokenizer,
      String fingerprint) {
    this.files = files;
    this.edit = edit;
    this.tokenizer = tokenizer;
    this.vocabularySize =
        files.vocabulary().values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    this.fingerprint = fingerprint;
  }

  /**
   * Loads a tokenizer as its files have it.
   *
   * @param directory a folder with {@code tokenizer.json} and, for the names of the special tokens,
   *     {@code tokenizer_config.json}
   * @param cacheDirectory where the native library is unpacked on first use
   * @throws DataException if a file is missing or broken
   */
  public static Tokenizer load(Path directory, Path cacheDirectory) {
    return load(directory, WantedTokens.NONE, cacheDirectory);
  }

  /**
   * Loads a tokenizer and gives it special tokens. Its files are left alone: {@link #changedFiles}
   * has what a saved copy of them must be.
   *
   * @param wanted special tokens; those that the tokenizer lacks get ids after all others
   * @throws DataException if a file is missing or broken, or a new token cannot have its id
   */
  public static Tokenizer load(Path directory, WantedTokens wanted, Path cacheDirectory) {
    TokenizerJson json = TokenizerJson.read(directory);
    TokenizerEdit edit = TokenizerEdit.of(directory, json, wanted);
    TokenizerFiles files = TokenizerFiles.of(directory, json, edit);
    // DJL reads these once, when its library is loaded; what the user set stands.
    setIfAbsent("DJL_CACHE_DIR", cacheDirectory.resolve("djl").toAbsolutePath().toString());
    setIfAbsent("ai.djl.offline", "true");
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    byte[] text = edit.files().getOrDefault(TokenizerJson.NAME, json.text());
    HuggingFaceTokenizer tokenizer;
    try {
      tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(text), options);
    } catch (IOException | RuntimeException e) {
      throw new DataException(
          directory.resolve(TokenizerJson.NAME),
          "expected a tokenizer that can be loaded, got: " + reason(e, cacheDirectory),
          e);
    }
    String fingerprint =
        new Hash()
            .add(text)
            .add(String.valueOf(files.eosToken()))
            .add(String.valueOf(files.bosToken()))
            .add(String.valueOf(files.padToken()))
            .hex();
    Tokenizer loaded = new Tokenizer(files, edit, tokenizer, fingerprint);
    edit.additions().forEach(loaded::check);
    return loaded;
  }

  /** The library gives ids by its own count, which gaps in the vocabulary put out of step. */
  private void check(TokenAddition addition) {
    int[] ids = ids(addition.token());
    if (ids.length != 1 || ids[0] != addition.id()) {
      close();
      throw new DataException(
          directory().resolve(TokenizerJson.NAME),
          "token \"%s\": expected id %d, after those of the file, got %s; are there gaps in the vocabulary?"
              .formatted(addition.token(), addition.id(), Arrays.toString(ids)));
    }
  }

  /** The library does not say what kept it from unpacking its native code, a full disk mostly. */
  private static String reason(Throwable error, Path cache) {
    String message = String.valueOf(error.getMessage());
    return message.contains("native library")
        ? message
            + " Its 16 MB are unpacked under '%s' on first use; is there room?".formatted(cache)
        : message;
  }

  private static void setIfAbsent(String name, String value) {
    if (System.getenv(name) == null && System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  /** Ids and offsets of a text. */
  public Encoded encode(String text) {
    long encoding = LIBRARY.encode(handle(), text, false);
    try {
      int[] ids = narrow(LIBRARY.getTokenIds(encoding));
      CharSpan[] spans = LIBRARY.getTokenCharSpans(encoding);
      int[] starts = new int[ids.length];
      int[] ends = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        CharSpan span = spans[i];
        if (span == null) { // Stands for nothing in the text.
          starts[i] = i == 0 ? 0 : ends[i - 1];
          ends[i] = starts[i];
        } else {
          starts[i] = span.getStart();
          ends[i] = span.getEnd();
        }
      }
      return new Encoded(ids, starts, ends);
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }

  /** Encodes by DJL's own call and gives the number of tokens: what speed is compared with. */
  int encodePlainly(String text) {
    return tokenizer.encode(text, false, false).getIds().length;
  }

  /** The ids of a text. */
  public int[] ids(String text) {
    long encoding = LIBRARY.encode(handle(), text, false);
    try {
      return narrow(LIBRARY.getTokenIds(encoding));
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }

  /**
   * The ids of a text with what the tokenizer itself puts around it, which is mostly the token that
   * begins a text, or nothing.
   */
  public int[] idsOfText(String text) {
    long encoding = LIBRARY.encode(handle(), text, true);
    try {
      return narrow(LIBRARY.getTokenIds(encoding));
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }

  /**
   * The text of some tokens. Bytes that are no whole character become U+FFFD.
   *
   * @param skipSpecial leave out the special tokens
   */
  public String decode(int[] ids, boolean skipSpecial) {
    long[] wide = Arrays.stream(ids).asLongStream().toArray();
    return LIBRARY.decode(handle(), wide, skipSpecial);
  }

  private long handle() {
    if (closed) {
      throw new IllegalStateException("tokenizer " + directory() + ": is closed");
    }
    return tokenizer.getHandle();
  }

  private static int[] narrow(long[] ids) {
    int[] narrow = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      narrow[i] = (int) ids[i];
    }
    return narrow;
  }

  /** The largest id and one: the least vocabulary of a model for this tokenizer. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** The id of a token, as the vocabulary spells it (special tokens are spelled plainly). */
  public OptionalInt idOf(String token) {
    Integer id = files.vocabulary().get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The tokens by their ids, as the vocabulary spells them; empty where an id is not given out. */
  public List<String> tokens() {
    String[] tokens = new String[vocabularySize];
    Arrays.fill(tokens, "");
    files.vocabulary().forEach((token, id) -> tokens[id] = token);
    return List.of(tokens);
  }

  /** Whether this id is marked special. */
  public boolean isSpecial(int id) {
    return files.specialIds().contains(id);
  }

  /** The token that ends a text. */
  public Optional<String> eosToken() {
    return Optional.ofNullable(files.eosToken());
  }

  /** The token that begins a text. */
  public Optional<String> bosToken() {
    return Optional.ofNullable(files.bosToken());
  }

  /** The special tokens that have names, by these: {@code bos_token}, {@code eos_token} … */
  public Map<String, String> specialTokens() {
    return files.specialTokens();
  }

  /**
   * What the tokenizer itself puts before a text, where that is one token: a chat template spells
   * it, a plain text does not.
   */
  public Optional<String> beginning() {
    int[] plain = ids("a");
    int[] marked = idsOfText("a");
    boolean one =
        marked.length > plain.length
            && Arrays.equals(
                Arrays.copyOfRange(marked, 1, Math.min(marked.length, plain.length + 1)), plain);
    return one ? Optional.of(decode(new int[] {marked[0]}, false)) : Optional.empty();
  }

  /** The token that pads. Batches do not need one: padding is marked by segment 0. */
  public Optional<String> padToken() {
    return Optional.ofNullable(files.padToken());
  }

  /** The Jinja sources of the model's own chat templates, by name. */
  public Map<String, String> chatTemplates() {
    return files.chatTemplates();
  }

  /** The chat templates in a folder, which need not have a tokenizer. */
  public static Map<String, String> templates(Path directory) {
    return TokenizerFiles.templates(directory);
  }

  /** The folder it was loaded from. */
  public Path directory() {
    return files.directory();
  }

  /** The tokenizer's files that exist, to be copied beside a model. */
  public List<Path> files() {
    return TokenizerFiles.NAMES.stream()
        .map(directory()::resolve)
        .filter(Files::isRegularFile)
        .toList();
  }

  /** What became of each special token that was wanted, in the order of their ids where new. */
  public List<TokenAddition> additions() {
    return edit.additions();
  }

  /**
   * The files that wanted tokens changed, by name, as they belong beside a model instead of those
   * in {@link #directory}; empty where nothing was wanted that was not there. Not to be written to.
   */
  public Map<String, byte[]> changedFiles() {
    return edit.files();
  }

  /** Every special token, with a role or without, in the order of their ids. */
  public List<String> allSpecialTokens() {
    return files.addedTokens().entrySet().stream()
        .filter(token -> isSpecial(token.getValue()))
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** SHA-256 of what decides ids: {@code tokenizer.json} and the tokens with a role. */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      tokenizer.close();
    }
  }
}
