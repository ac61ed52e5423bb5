package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the bytes of a file must come to.
 *
 * @param kind how they are summed up
 * @param hex in hexadecimal digits
 */
public record Checksum(Kind kind, String hex) {
  private static final int BUFFER = 1 << 17;

  /** How bytes are summed up. */
  public enum Kind {
    /** SHA-256 of the bytes. */
    SHA256("sha256", "SHA-256"),
    /** The name that git gives them as a blob: SHA-1 of a header with their number, and them. */
    GIT_BLOB("git sha1", "SHA-1");

    private final String label;
    private final String algorithm;

    Kind(String label, String algorithm) {
      this.label = label;
      this.algorithm = algorithm;
    }
  }

  /** A SHA-256. */
  public static Checksum sha256(String hex) {
    return new Checksum(Kind.SHA256, hex);
  }

  /** The name of a blob in git. */
  public static Checksum gitBlob(String hex) {
    return new Checksum(Kind.GIT_BLOB, hex);
  }

  /** A SHA-256 digest to be fed. */
  public static MessageDigest sha256() {
    return digest(Kind.SHA256.algorithm);
  }

  /** What a file's bytes come to. */
  public static Checksum of(Kind kind, Path file) throws IOException {
    MessageDigest digest = digest(kind.algorithm);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (kind == Kind.GIT_BLOB) {
        digest.update(("blob " + channel.size() + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
      }
    }
    return new Checksum(kind, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java platform has " + algorithm, impossible);
    }
  }

  @Override
  public String toString() {
    return kind.label + " " + hex;
  }
}
