package dev.hlotune.pjrt.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/** Fetches one file, going on where an earlier attempt stopped, and checks its digest. */
public final class Download {
  private static final int ATTEMPTS = 4;
  private static final int BUFFER = 1 << 17;

  private Download() {}

  /** Is told how far a download has come. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Bytes have arrived.
     *
     * @param done how many so far, those of an earlier attempt included
     * @param total how many there are, or -1 if the server does not say
     */
    void progress(long done, long total);
  }

  /**
   * Fetches a file into {@code part}, which may hold the beginning of it.
   *
   * @throws IOException if it cannot be fetched, in which case {@code part} keeps what came; or if
   *     its digest is another, in which case {@code part} is gone
   */
  public static void fetch(Web web, URI address, String sha256, Path part, Listener listener)
      throws IOException, InterruptedException {
    boolean resumed = Files.exists(part);
    appendWithPatience(web, address, part, listener);
    String actual = sha256(part);
    if (resumed && !actual.equals(sha256)) {
      // What was there may have been the beginning of something else.
      Files.delete(part);
      appendWithPatience(web, address, part, listener);
      actual = sha256(part);
    }
    if (!actual.equals(sha256)) {
      Files.delete(part);
      throw new IOException("expected sha256 " + sha256 + ", got " + actual);
    }
  }

  private static void appendWithPatience(Web web, URI address, Path part, Listener listener)
      throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      int refused;
      try {
        refused = append(web, address, part, listener);
      } catch (IOException failure) {
        if (attempt == ATTEMPTS) {
          throw failure;
        }
        Thread.sleep(250L * attempt);
        continue;
      }
      if (refused != 0) {
        throw new IOException("status " + refused);
      }
      return;
    }
  }

  /** The digest of a file, in hexadecimal digits. */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = Contents.sha256();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        digest.update(buffer.flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Fetches what is missing.
   *
   * @return 0, or the status of an answer that trying again will not change
   */
  private static int append(Web web, URI address, Path part, Listener listener)
      throws IOException, InterruptedException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpResponse<InputStream> response =
        web.get(address, have > 0 ? Map.of("Range", "bytes=" + have + "-") : Map.of());
    try (InputStream body = response.body()) {
      int status = response.statusCode();
      if (status == 416) {
        // Nothing after what is there: either it is whole, or it is of another file. Its digest
        // decides.
        return 0;
      }
      if (status != 200 && status != 206) {
        if (status >= 500) {
          throw new IOException("status " + status);
        }
        return status;
      }
      boolean continued =
          status == 206
              && response
                  .headers()
                  .firstValue("Content-Range")
                  .orElse("")
                  .startsWith("bytes " + have + "-");
      if (status == 206 && !continued) {
        return status;
      }
      long done = continued ? have : 0;
      long rest = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      long total = rest < 0 ? -1 : done + rest;
      try (FileChannel out =
          FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        out.truncate(done);
        out.position(done);
        byte[] buffer = new byte[BUFFER];
        listener.progress(done, total);
        int read;
        while ((read = body.read(buffer)) >= 0) {
          for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
            out.write(bytes);
          }
          done += read;
          listener.progress(done, total);
        }
      }
      if (total >= 0 && done != total) {
        throw new IOException("expected " + total + " bytes, got " + done);
      }
      return 0;
    }
  }
}
