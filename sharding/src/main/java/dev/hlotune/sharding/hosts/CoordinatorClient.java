package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.KeyValueStore;
import dev.hlotune.pjrt.PjrtException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A process's line to the coordinator of its run. Safe for use by many threads. */
final class CoordinatorClient implements KeyValueStore, AutoCloseable {
  /** A request waits at most so long on the other side, and is then made again. */
  private static final Duration POLL = Duration.ofSeconds(10);

  /** An answer takes at most so long, apart from what it was asked to wait. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** How long a coordinator that once was there is given to be there again. */
  private static final Duration BREAK = Duration.ofSeconds(20);

  private static final Duration RETRY = Duration.ofMillis(100);

  private final ProcessPlace place;
  private final HostPort address;
  private final String token;
  private final Optional<String> secret;
  private final HttpClient http;
  private volatile @Nullable String identity;

  /**
   * A line that is not used yet.
   *
   * @param token what tells this process from another of the same number
   * @param secret what the coordinator wants to be brought, if anything
   */
  CoordinatorClient(ProcessPlace place, String token, Optional<String> secret) {
    this.place = place;
    this.address = place.coordinator().orElseThrow();
    this.token = token;
    this.secret = secret;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(ANSWER)
            .build();
  }

  /** An answer that was no failure. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Answer(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * Joins the run, trying again until the coordinator is there.
   *
   * @param host this process's, for messages
   * @return what tells the coordinator from others
   * @throws PjrtException {@code DEADLINE_EXCEEDED} if it is not there in time, others if it
   *     refuses
   */
  String join(String host) {
    long end = System.nanoTime() + place.timeout().toNanos();
    while (true) {
      try {
        once("/join", host.getBytes(StandardCharsets.UTF_8), Duration.ZERO);
        return String.valueOf(identity);
      } catch (IOException failure) {
        if (System.nanoTime() + RETRY.toNanos() > end) {
          throw Failures.of(
              ErrorCode.DEADLINE_EXCEEDED,
              "coordinator: expected process 0 at "
                  + address
                  + " within "
                  + text(place.timeout())
                  + ", got "
                  + reason(failure)
                  + "; does it run there, and may this host reach that port?");
        }
        pause();
      }
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    again("/put", Wire.pair(key, value), Duration.ZERO);
  }

  @Override
  public byte[] get(byte[] key, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      Answer answer = again("/get", key, min(left, POLL));
      if (answer.status() == 200) {
        return answer.body();
      }
      if (left.isZero()) {
        throw Failures.of(
            ErrorCode.DEADLINE_EXCEEDED,
            "'"
                + Failures.text(key)
                + "': expected a value within "
                + text(timeout)
                + ", got none");
      }
    }
  }

  @Override
  public Optional<byte[]> tryGet(byte[] key) {
    Answer answer = again("/get", key, Duration.ZERO);
    return answer.status() == 200 ? Optional.of(answer.body()) : Optional.empty();
  }

  /**
   * Waits for all processes.
   *
   * @param name of the barrier, which serves once
   * @param end until when, on the clock of {@link System#nanoTime}
   * @param timeout how long that is, for messages
   * @throws PjrtException {@code DEADLINE_EXCEEDED} with those that have not come, {@code ABORTED}
   *     with the one that will not
   */
  void barrier(String name, long end, Duration timeout) {
    byte[] body = name.getBytes(StandardCharsets.UTF_8);
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      Answer answer = again("/barrier", body, min(left, POLL));
      if (answer.status() == 200) {
        return;
      }
      if (left.isZero()) {
        throw Failures.of(
            ErrorCode.DEADLINE_EXCEEDED,
            "barrier '"
                + name
                + "': expected all "
                + place.count()
                + " processes within "
                + text(timeout)
                + ", got none of process "
                + answer.text());
      }
    }
  }

  /**
   * Says that this process is there, and listens for a while.
   *
   * @return why all have to stop, if so
   */
  Optional<String> beat(Duration wait) {
    Answer answer = again("/beat", new byte[0], wait);
    return answer.status() == 202 ? Optional.of(answer.text()) : Optional.empty();
  }

  /** Says that this process goes. Nobody can help it where that is not heard. */
  void leave(boolean failed, String why) {
    if (identity == null) {
      return; // It never came.
    }
    try {
      once(
          "/leave",
          why.getBytes(StandardCharsets.UTF_8),
          Duration.ZERO,
          Wire.FAILED,
          String.valueOf(failed));
    } catch (IOException | PjrtException gone) {
      // The coordinator went first.
    }
  }

  /** A request, made again for a while where the line breaks: every request may be made twice. */
  private Answer again(String path, byte[] body, Duration wait) {
    long end = System.nanoTime() + BREAK.toNanos();
    while (true) {
      try {
        return once(path, body, wait);
      } catch (IOException failure) {
        if (System.nanoTime() > end) {
          throw Failures.of(
              ErrorCode.UNAVAILABLE,
              "coordinator: expected process 0 at "
                  + address
                  + " to be there still, got "
                  + reason(failure));
        }
        pause();
      }
    }
  }

  private Answer once(String path, byte[] body, Duration wait, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(wait.plus(ANSWER))
            .header(Wire.PROCESS, String.valueOf(place.index()))
            .header(Wire.COUNT, String.valueOf(place.count()))
            .header(Wire.TOKEN, token)
            .header(Wire.WAIT, String.valueOf(wait.toMillis()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    secret.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    for (int i = 0; i + 1 < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<byte[]> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (ProtocolException strange) {
      throw stranger("something that is not HTTP");
    } catch (InterruptedException stop) {
      throw Failures.interrupted(stop);
    }
    String answers =
        response
            .headers()
            .firstValue(Wire.COORDINATOR)
            .orElseThrow(() -> stranger("HTTP status " + response.statusCode()));
    String known = identity;
    if (known == null) {
      identity = answers;
    } else if (!known.equals(answers)) {
      throw Failures.of(
          ErrorCode.ABORTED,
          "coordinator: expected the one at " + address + " that this run began with, got another");
    }
    if (response.statusCode() >= 400) {
      throw Failures.of(
          response
              .headers()
              .firstValue(Wire.CODE)
              .flatMap(CoordinatorClient::code)
              .orElse(ErrorCode.UNKNOWN),
          new String(response.body(), StandardCharsets.UTF_8));
    }
    return new Answer(response.statusCode(), response.body());
  }

  private PjrtException stranger(String got) {
    return Failures.of(
        ErrorCode.FAILED_PRECONDITION,
        "coordinator_address: expected process 0 of this run at "
            + address
            + ", got an answer of something else ("
            + got
            + ")");
  }

  private static Optional<ErrorCode> code(String name) {
    return Arrays.stream(ErrorCode.values()).filter(code -> code.name().equals(name)).findFirst();
  }

  /** Why there was no answer; the client's exceptions often have no message. */
  private static String reason(IOException failure) {
    Throwable cause = failure;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case UnresolvedAddressException e -> "a host name that nobody knows";
      case ConnectException e when e.getMessage() == null -> "no connection";
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }

  static String text(Duration time) {
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static void pause() {
    LockSupport.parkNanos(RETRY.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw Failures.interrupted(new InterruptedException());
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
