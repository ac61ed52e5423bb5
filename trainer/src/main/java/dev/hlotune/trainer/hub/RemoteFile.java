package dev.hlotune.trainer.hub;

import dev.hlotune.pjrt.web.Checksum;
import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of a commit, as the hub lists it.
 *
 * @param path below the root of the repository, with slashes
 * @param size bytes, or -1 where a list of names is all there is
 * @param blobId what git calls its bytes: for a large file, those of the pointer that stands in for
 *     it; empty where a list of names is all there is
 * @param sha256 of a large file, which git does not hold itself
 * @param xetHash what the hub's storage calls it; kept for Python, which asks for it
 */
record RemoteFile(
    String path, long size, String blobId, Optional<String> sha256, Optional<String> xetHash) {
  private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

  /** A file of which only the name is known. */
  static RemoteFile named(String path) {
    return new RemoteFile(path, -1, "", Optional.empty(), Optional.empty());
  }

  /** A file whose ETag is known, which is either of the two checksums. */
  static RemoteFile tagged(String path, long size, String etag) {
    return SHA256.matcher(etag).matches()
        ? new RemoteFile(path, size, "", Optional.of(etag), Optional.empty())
        : new RemoteFile(path, size, etag, Optional.empty(), Optional.empty());
  }

  /**
   * The same, if it may become a path on this machine.
   *
   * @throws DataException if its path leads out of the repository's folder, on any system, or its
   *     checksum is none
   */
  RemoteFile checked() {
    boolean inside =
        Arrays.stream(path.split("[/\\\\]", -1))
            .allMatch(part ->
                !List.of("", ".", "..").contains(part)
                    && !DRIVE.matcher(part).matches()
                    && part.indexOf('\0') < 0);
    if (!inside) {
      throw new DataException(
          "repository: expected paths that stay inside of it, got '" + path + "'");
    }
    if (isKnown() && !SHA1.matcher(etag()).matches() && !SHA256.matcher(etag()).matches()) {
      throw new DataException(
          "'%s': expected a checksum of 40 or 64 hexadecimal digits from the hub, got '%s'"
              .formatted(path, etag()));
    }
    return this;
  }

  /** Whether it can be held to a checksum. */
  boolean isKnown() {
    return !etag().isEmpty();
  }

  /** What the hub tags it with, and the cache calls it. */
  String etag() {
    return sha256.orElse(blobId);
  }

  /** What its bytes must come to. */
  Checksum checksum() {
    return sha256.map(Checksum::sha256).orElseGet(() -> Checksum.gitBlob(blobId));
  }
}
