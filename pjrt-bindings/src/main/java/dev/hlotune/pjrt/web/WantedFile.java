package dev.hlotune.pjrt.web;

import java.io.IOException;

/**
 * A file to fetch.
 *
 * @param request for the whole of it
 * @param checksum what its bytes must come to
 * @param size how many they are, or -1 where that is not known
 * @param refusal explains an answer that is no file
 */
public record WantedFile(WebRequest request, Checksum checksum, long size, Refusal refusal) {

  /** Turns an answer that trying again will not change into an error. */
  @FunctionalInterface
  public interface Refusal {
    /**
     * The error.
     *
     * @throws IOException that says what the answer was, or another exception that does
     */
    void explain(WebAnswer answer) throws IOException;

    /** Names the status. */
    static Refusal status() {
      return answer -> {
        throw new IOException("status " + answer.status());
      };
    }
  }
}
