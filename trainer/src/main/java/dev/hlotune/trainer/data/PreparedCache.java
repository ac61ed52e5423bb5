package dev.hlotune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.DataFiles;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The folder of prepared data sets, one sub-folder per key. A data set appears whole or not at all:
 * it is written beside its place and moved there.
 *
 * @param directory holds the data sets
 */
record PreparedCache(Path directory) {
  /** Files up to this size are hashed each time; larger ones once per size and time of change. */
  private static final long ALWAYS_HASHED = 64L << 20;

  private static final String DRAFT = "draft-";

  private static final JsonMapper JSON = new JsonMapper();

  /** What identifies a data set: everything that decides its tokens and weights. */
  static String key(
      DataOptions options, Tokenizer tokenizer, List<String> contentHashes, LocalDate today) {
    Hash hash =
        new Hash()
            .add(PreparedFiles.VERSION)
            .add(tokenizer.fingerprint())
            .add(options.template().fingerprint())
            .add(options.source().columns().fingerprint())
            .add(String.valueOf(options.source().slice()))
            .add(options.supervision().fingerprint())
            .add(options.maxLength())
            .add(options.truncation().name())
            .add(options.onBadRecord().name());
    contentHashes.forEach(hash::add);
    if (options.keepUnlearned()) {
      hash.add("unlearned");
    }
    if (options.template().compiled().usesClock()) {
      hash.add(today.toString());
    }
    return hash.hex();
  }

  PreparedFiles files(String key) {
    return new PreparedFiles(directory.resolve(key));
  }

  /** SHA-256 of each file. */
  List<String> contentHashes(List<Path> files) {
    return files.stream().map(this::contentHash).toList();
  }

  private String contentHash(Path file) {
    // Opens and checks it first, for the clearer error.
    DataFiles.open(file).close();
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.size() <= ALWAYS_HASHED) {
        return Hash.ofFile(file);
      }
      String stamp =
          file.toRealPath()
              + " "
              + attributes.size()
              + " "
              + attributes.lastModifiedTime()
              + " "
              + attributes.fileKey();
      Path known = directory.resolve("hash-" + new Hash().add(stamp).hex() + ".json");
      if (Files.isRegularFile(known)) {
        JsonNode node = JSON.readTree(known.toFile());
        if (node.path("stamp").asText().equals(stamp) && node.path("sha256").isTextual()) {
          return node.path("sha256").textValue();
        }
      }
      String sha256 = Hash.ofFile(file);
      Files.createDirectories(directory);
      Files.writeString(
          known, JSON.createObjectNode().put("stamp", stamp).put("sha256", sha256).toString());
      return sha256;
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** Something that fills a folder. */
  interface Filler {
    void fill(PreparedFiles files) throws IOException;
  }

  /**
   * Makes a data set; leaves nothing behind if that fails. Where another process was quicker, its
   * data set stays: it is the same, and may be in use.
   *
   * @param whole whether the data set that is there is not damaged
   */
  void create(String key, BooleanSupplier whole, Filler filler) {
    Path target = directory.resolve(key);
    try {
      Files.createDirectories(directory);
      deleteOldDrafts();
      Path draft = Files.createTempDirectory(directory, DRAFT);
      try {
        filler.fill(new PreparedFiles(draft));
        if (!move(draft, target) && !whole.getAsBoolean()) {
          // Out of the way at once, so that what another process puts there is not deleted.
          Path damaged = draft.resolveSibling(draft.getFileName() + "-damaged");
          move(target, damaged);
          move(draft, target);
          deleteTree(damaged);
        }
      } finally {
        deleteTree(draft);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private DataException unwritable(IOException e) {
    String reason =
        e instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : String.valueOf(e.getMessage());
    return new DataException(
        directory,
        "prepared data cannot be written: " + reason + "; free some space or set cache_dir",
        e);
  }

  /** Whether it was moved, and not kept from it by a data set that is there. */
  private static boolean move(Path from, Path to) throws IOException {
    try {
      try {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(from, to);
      }
      return true;
    } catch (FileSystemException e) {
      if (!Files.isDirectory(to)) {
        throw e;
      }
      return false;
    }
  }

  /** Removes what killed runs left; a day is longer than any preparation that still goes on. */
  private void deleteOldDrafts() throws IOException {
    Instant old = Instant.now().minus(Duration.ofDays(1));
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, DRAFT + "*")) {
      for (Path draft : drafts) {
        if (Files.getLastModifiedTime(draft).toInstant().isBefore(old)) {
          deleteTree(draft);
        }
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
