package dev.hlotune.trainer.hub;

import dev.hlotune.pjrt.web.HeldLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The place of one repository in the cache, laid out as Python's {@code huggingface_hub} does:
 *
 * <pre>{@code
 * models--owner--name/blobs/ETAG                       the bytes
 * models--owner--name/refs/main                        the commit it stands for
 * models--owner--name/snapshots/COMMIT/path            a link to ../../blobs/ETAG
 * models--owner--name/trees/COMMIT.json                what the commit holds
 * .locks/models--owner--name/ETAG.lock
 * }</pre>
 *
 * <p>Whatever is there is whole: bytes come into {@code blobs} under their name only when they are
 * checked, and into {@code snapshots} after that.
 */
final class RepositoryCache {
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by hlotune.
      # For information about cache directory tags, see https://bford.info/cachedir/
      """;

  private final Path root;
  private final Path folder;
  private final Path locks;
  private final boolean symlinks;

  /**
   * A place.
   *
   * @param root the folder of all repositories
   * @param symlinks whether links may be made; where not, or where there are none, bytes are in the
   *     snapshot itself
   */
  RepositoryCache(Path root, Repository repository, boolean symlinks) {
    this.root = root.toAbsolutePath();
    this.folder = this.root.resolve(repository.folder());
    this.locks = this.root.resolve(".locks").resolve(repository.folder());
    this.symlinks = symlinks;
  }

  /** The commit that a branch or tag stood for when the hub was last asked. */
  Optional<String> commit(String revision) throws IOException {
    Path ref = ref(revision);
    return Files.isRegularFile(ref) ? Optional.of(Files.readString(ref).strip()) : Optional.empty();
  }

  /**
   * Keeps what a branch or tag stands for, if it can: a cache that is only to be read may hold all
   * that is wanted.
   */
  void remember(String revision, String commit) throws IOException {
    if (!commit(revision).equals(Optional.of(commit))) {
      keep(ref(revision), commit.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void keep(Path file, byte[] bytes) throws IOException {
    try {
      replace(file, bytes);
    } catch (FileSystemException onlyToBeRead) {
      // Whoever then has to add a file says so.
    }
  }

  private Path ref(String revision) {
    return folder.resolve("refs").resolve(revision);
  }

  /** What a commit holds, if that was kept. */
  Optional<List<RemoteFile>> tree(String commit) throws IOException {
    return TreeFile.read(treeFile(commit));
  }

  /** Keeps what a commit holds, which never changes, if it can. */
  void keepTree(String commit, List<RemoteFile> files) throws IOException {
    keep(treeFile(commit), TreeFile.print(files));
  }

  private Path treeFile(String commit) {
    return folder.resolve("trees").resolve(commit + ".json");
  }

  /** The folder of a commit, there or not. */
  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** The files of a commit that are there. */
  List<RemoteFile> present(String commit) throws IOException {
    Path snapshot = snapshot(commit);
    if (!Files.isDirectory(snapshot)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(snapshot)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .map(RemoteFile::named)
          .toList();
    }
  }

  /** Where a file of a commit is, or would be. */
  Path place(String commit, RemoteFile file) {
    return snapshot(commit).resolve(file.path());
  }

  /** Whether a file of a commit is there, in its whole length as far as that is known. */
  boolean has(String commit, RemoteFile file) throws IOException {
    return isWhole(place(commit, file), file);
  }

  private static boolean isWhole(Path path, RemoteFile file) throws IOException {
    return Files.isRegularFile(path) && (file.size() < 0 || Files.size(path) == file.size());
  }

  /** Puts bytes into a file, which may hold the beginning of them. */
  @FunctionalInterface
  interface Bytes {
    /** Fetches them. */
    void into(Path part) throws IOException, InterruptedException;
  }

  /**
   * Puts a file into a commit's folder, unless it is there or comes while waiting for another
   * process.
   */
  void add(String commit, RemoteFile file, Bytes bytes) throws IOException, InterruptedException {
    Path blob = folder.resolve("blobs").resolve(file.etag());
    Files.createDirectories(blob.resolveSibling(""));
    Files.createDirectories(locks);
    tag();
    try (HeldLock _ = HeldLock.take(locks.resolve(file.etag() + ".lock"))) {
      if (has(commit, file)) {
        return;
      }
      boolean fetched = !isWhole(blob, file);
      if (fetched) {
        // Python up to 1.x appends to a file without our name in it, under a lock of another kind.
        Path part = blob.resolveSibling(file.etag() + ".hlotune.incomplete");
        bytes.into(part);
        Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      show(blob, place(commit, file), fetched);
    }
  }

  private void show(Path blob, Path place, boolean fetched) throws IOException {
    Path parent = place.resolveSibling("");
    Files.createDirectories(parent);
    if (symlinks && isLinked(parent.relativize(blob), place)) {
      return;
    }
    if (fetched) {
      Files.move(blob, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    Path copy = unique(blob, "copy");
    try {
      Files.copy(blob, copy);
      Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static boolean isLinked(Path target, Path link) throws IOException {
    try {
      try {
        Files.createSymbolicLink(link, target);
      } catch (FileAlreadyExistsException old) {
        // What it led to is gone or was cut short: nobody reads through it.
        Files.delete(link);
        Files.createSymbolicLink(link, target);
      }
      return true;
    } catch (FileSystemException | UnsupportedOperationException noLinksHere) {
      return false;
    }
  }

  private void tag() throws IOException {
    Path tag = root.resolve("CACHEDIR.TAG");
    if (!Files.exists(tag)) {
      replace(tag, TAG.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Path next = unique(file, "tmp");
    try {
      Files.write(next, bytes);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private static Path unique(Path file, String suffix) {
    return file.resolveSibling(
        "%s.%s.%s"
            .formatted(file.getFileName(), UUID.randomUUID().toString().substring(0, 8), suffix));
  }
}
