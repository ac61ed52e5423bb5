package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Fetches one file, going on where an earlier attempt stopped, and checks what it comes to. */
public final class Download {
  private static final int BUFFER = 1 << 17;

  /** Beginning anew because of wrong bytes is tried once: they may have been damaged on the way. */
  private static final int ROUNDS = 2;

  private final Web web;
  private final WantedFile file;
  private final Path part;
  private final Patience patience;
  private final Listener listener;

  /** The version that the last answer was of, as the host that gave it names it. */
  private Optional<String> version = Optional.empty();

  private Download(Web web, WantedFile file, Path part, Patience patience, Listener listener) {
    this.web = web;
    this.file = file;
    this.part = part;
    this.patience = patience;
    this.listener = listener;
  }

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
   *     its bytes come to something else, in which case {@code part} is gone
   */
  public static void fetch(
      Web web, WantedFile file, Path part, Patience patience, Listener listener)
      throws IOException, InterruptedException {
    new Download(web, file, part, patience, listener).fetch();
  }

  private void fetch() throws IOException, InterruptedException {
    for (int round = 1; ; round++) {
      if (file.size() >= 0 && have() > file.size()) {
        Files.delete(part);
      }
      if (have() == 0 || have() != file.size()) {
        complete();
      }
      Optional<String> problem = problem();
      if (problem.isEmpty()) {
        return;
      }
      // What was there may have been the beginning of something else.
      Files.delete(part);
      version = Optional.empty();
      if (round == ROUNDS) {
        throw new IOException(problem.get());
      }
    }
  }

  private Optional<String> problem() throws IOException {
    if (file.size() >= 0 && have() != file.size()) {
      return Optional.of("expected " + file.size() + " bytes, got " + have());
    }
    Checksum actual = Checksum.of(file.checksum().kind(), part);
    return actual.equals(file.checksum())
        ? Optional.empty()
        : Optional.of("expected " + file.checksum() + ", got " + actual);
  }

  /** Goes on as long as something new comes; what counts are the attempts in vain. */
  private void complete() throws IOException, InterruptedException {
    long best = have();
    for (int attempt = 1; ; attempt++) {
      try (WebAnswer answer = web.send(request(), patience)) {
        if (answer.status() == 416 && have() > 0) {
          // Nothing after what is there: either it is whole, or it is of another file.
          return;
        }
        if (answer.status() != 200 && answer.status() != 206) {
          file.refusal().explain(answer);
          throw new IOException("status " + answer.status());
        }
        Optional<IOException> cut = receive(answer);
        if (cut.isEmpty()) {
          return;
        }
        if (have() > best) {
          best = have();
          attempt = 1;
        }
        if (!patience.wait(attempt, Optional.empty())) {
          throw cut.get();
        }
      }
    }
  }

  private WebRequest request() throws IOException {
    if (have() == 0) {
      return file.request();
    }
    Map<String, String> more = new LinkedHashMap<>();
    more.put("Range", "bytes=" + have() + "-");
    version.ifPresent(tag -> more.put("If-Range", tag));
    return file.request().with(more);
  }

  /**
   * Appends what comes, or begins anew where the server does not go on where we were.
   *
   * @return what broke it off, if anything did; what cannot be written is thrown
   */
  private Optional<IOException> receive(WebAnswer answer) throws IOException {
    long done = 0;
    if (answer.status() == 206) {
      done = have();
      String range = answer.header("Content-Range").orElse("");
      if (!range.startsWith("bytes " + done + "-")) {
        Files.deleteIfExists(part);
        return Optional.of(
            new IOException("expected bytes from " + done + ", got '" + range + "'"));
      }
    }
    // A weak tag does not promise the same bytes.
    version = answer.header("ETag").filter(tag -> tag.startsWith("\""));
    long rest = answer.header("Content-Length").map(Download::number).orElse(-1L);
    long end = rest < 0 ? -1 : done + rest;
    long total = file.size() >= 0 ? file.size() : end;
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(done);
      out.position(done);
      byte[] buffer = new byte[BUFFER];
      listener.progress(done, total);
      while (true) {
        int read;
        try {
          read = answer.body().read(buffer);
        } catch (IOException broken) {
          return Optional.of(broken);
        }
        if (read < 0) {
          break;
        }
        for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
          out.write(bytes);
        }
        done += read;
        listener.progress(done, total);
      }
    }
    return end < 0 || done == end
        ? Optional.empty()
        : Optional.of(new IOException("expected " + end + " bytes, got " + done));
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException noNumber) {
      return -1;
    }
  }

  private long have() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }
}
