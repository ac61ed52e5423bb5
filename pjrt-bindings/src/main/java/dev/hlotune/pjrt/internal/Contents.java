package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.web.Checksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Digests of bytes and files. */
public final class Contents {
  private static final int PART = 1 << 18;

  private Contents() {}

  /** A SHA-256 digest to be fed. */
  public static MessageDigest sha256() {
    return Checksum.sha256();
  }

  /**
   * Text that tells two builds of a library apart without reading hundreds of megabytes: its size
   * and the digest of its first and last 256 KiB, where an ELF file keeps its build id, its tables
   * of segments and sections.
   */
  public static String fingerprint(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      update(digest, channel, 0);
      update(digest, channel, Math.max(0, size - PART));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  private static void update(MessageDigest digest, FileChannel channel, long position)
      throws IOException {
    ByteBuffer part = ByteBuffer.allocate(PART);
    long at = position;
    int read;
    while (part.hasRemaining() && (read = channel.read(part, at)) > 0) {
      at += read;
    }
    digest.update(part.flip());
  }
}
