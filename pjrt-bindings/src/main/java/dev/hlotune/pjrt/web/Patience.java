package dev.hlotune.pjrt.web;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something is tried, and how long is waited before it is tried again.
 *
 * @param attempts how often in all
 * @param first the wait after the first attempt; each further one is twice as long
 * @param longest the longest wait of our own choice
 * @param most the longest wait that a server may ask for
 * @param sleeper how it is waited
 */
public record Patience(
    int attempts, Duration first, Duration longest, Duration most, Sleeper sleeper) {
  private static final Pattern RATE_LIMIT =
      Pattern.compile("\"[^\"]*\"\\s*;\\s*r\\s*=\\s*0\\s*;\\s*t\\s*=\\s*(\\d+)");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  /** Waits: a seam, so that a test need not. */
  @FunctionalInterface
  public interface Sleeper {
    /** Waits that long. */
    void sleep(Duration duration) throws InterruptedException;
  }

  /** Five attempts within some eight seconds; up to five minutes where a server asks for that. */
  public static Patience standard() {
    return waiting(Thread::sleep);
  }

  /** As {@link #standard}, for one who is to see the waits. */
  public static Patience waiting(Sleeper sleeper) {
    return new Patience(
        5, Duration.ofMillis(500), Duration.ofSeconds(8), Duration.ofMinutes(5), sleeper);
  }

  /** Whether an answer of that status may be another one later. */
  public static boolean mayPass(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  /**
   * How long the server asks to be left alone: by {@code RateLimit} (the draft of the IETF that the
   * Hugging Face hub follows) where nothing is left, else by {@code Retry-After}.
   */
  public static Optional<Duration> asked(WebAnswer answer) {
    Optional<Duration> limit =
        answer
            .header("RateLimit")
            .map(RATE_LIMIT::matcher)
            .filter(Matcher::find)
            .map(found -> Duration.ofSeconds(Long.parseLong(found.group(1))));
    return limit.isPresent() ? limit : answer.header("Retry-After").flatMap(Patience::parse);
  }

  private static Optional<Duration> parse(String retryAfter) {
    String text = retryAfter.strip();
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), then);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Waits after an attempt that failed, where there is to be another.
   *
   * @param attempt the one that failed, from 1
   * @param asked how long the server asks to wait
   * @return whether to try again; false where that was the last attempt, or the server asks for
   *     more than we have
   */
  public boolean wait(int attempt, Optional<Duration> asked) throws InterruptedException {
    if (attempt >= attempts || asked.filter(wait -> wait.compareTo(most) > 0).isPresent()) {
      return false;
    }
    Duration own = first.multipliedBy(1L << Math.min(attempt - 1, 20));
    sleeper.sleep(asked.orElse(own.compareTo(longest) < 0 ? own : longest));
    return true;
  }

  /** A duration as it is read: {@code 10 s}. */
  public static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() / 1000.0 + " s";
  }
}
