package dev.hlotune.sharding.hosts;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The meeting place of a run's processes, in process 0: answers them over HTTP, as {@link Wire}
 * says, from a {@link Board} in memory. Nothing is kept when it closes.
 */
final class Coordinator implements AutoCloseable {
  static {
    // Small answers otherwise wait 40 ms for the receipt of their headers. Read when the server's
    // classes are loaded, which is after this.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  /** Connections that wait to be accepted: all processes of a large run come at once. */
  private static final int BACKLOG = 1_024;

  private final Board board;
  private final Optional<String> secret;
  private final String identity;
  private final HttpServer server;
  private final ExecutorService threads;

  private Coordinator(Board board, Optional<String> secret, String identity, HttpServer server) {
    this.board = board;
    this.secret = secret;
    this.identity = identity;
    this.server = server;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /**
   * Opens it.
   *
   * @param bind where to listen; every address of this host where it is the wildcard
   * @param secret what a request must bring, if anything
   * @param identity what tells it from others
   * @throws PjrtException {@code ALREADY_EXISTS} if something else listens there, {@code
   *     UNAVAILABLE} if the address is not this host's
   */
  static Coordinator open(
      InetSocketAddress bind, Board board, Optional<String> secret, String identity) {
    HttpServer server;
    try {
      server = HttpServer.create(bind, BACKLOG);
    } catch (BindException taken) {
      throw refused(bind, taken);
    } catch (IOException failure) {
      throw refused(bind, failure);
    }
    Coordinator coordinator = new Coordinator(board, secret, identity, server);
    server.setExecutor(coordinator.threads);
    server.createContext("/", coordinator::answer);
    server.start();
    return coordinator;
  }

  private static PjrtException refused(InetSocketAddress bind, IOException failure) {
    boolean taken = String.valueOf(failure.getMessage()).contains("in use");
    PjrtException exception =
        Failures.of(
            taken ? ErrorCode.ALREADY_EXISTS : ErrorCode.UNAVAILABLE,
            taken
                ? "coordinator: expected port "
                    + bind.getPort()
                    + " to be free, got one in use; another run may be there, or a second process 0"
                    + " of this one: take another port in coordinator_address, or look at process_id"
                : "coordinator: expected to listen at " + bind + ", got: " + failure.getMessage());
    exception.initCause(failure);
    return exception;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  /** Whether an address is of this host alone. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException unknown) {
      return false;
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set(Wire.COORDINATOR, identity);
      try {
        byte[] body = body(exchange);
        Answer answer = answer(exchange.getRequestURI().getPath(), exchange, body);
        send(exchange, answer.status(), answer.body());
      } catch (PjrtException refused) {
        send(exchange, refused.code(), Failures.message(refused));
      } catch (RuntimeException wrong) {
        send(exchange, ErrorCode.INTERNAL, wrong.toString());
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Answer(int status, byte @Nullable [] body) {
    static Answer done() {
      return new Answer(200, null);
    }
  }

  private Answer answer(String path, HttpExchange exchange, byte[] body) {
    Headers headers = exchange.getRequestHeaders();
    checkSecret(headers);
    int index = number(headers, Wire.PROCESS);
    String token = String.valueOf(headers.getFirst(Wire.TOKEN));
    if (path.equals("/join")) {
      board.join(
          index, number(headers, Wire.COUNT), token, new String(body, StandardCharsets.UTF_8));
      return Answer.done();
    }
    // Whoever asks for something is there, and is who joined by that number.
    board.heard(index, token);
    return switch (path) {
      case "/beat" ->
          board.failure(wait(headers)).map(Coordinator::pending).orElseGet(Answer::done);
      case "/put" -> {
        if (!Wire.isPair(body)) {
          throw Failures.of(ErrorCode.INVALID_ARGUMENT, "put: expected a key and a value");
        }
        board.put(Wire.key(body), Wire.value(body));
        yield Answer.done();
      }
      case "/get" ->
          board
              .get(body, wait(headers))
              .map(value -> new Answer(200, value))
              .orElse(new Answer(204, null));
      case "/barrier" -> {
        List<Integer> missing =
            board.arrive(new String(body, StandardCharsets.UTF_8), index, wait(headers));
        yield missing.isEmpty() ? Answer.done() : pending(board.names(missing));
      }
      case "/leave" -> {
        board.leave(
            index,
            Boolean.parseBoolean(headers.getFirst(Wire.FAILED)),
            new String(body, StandardCharsets.UTF_8));
        yield Answer.done();
      }
      default ->
          throw Failures.of(
              ErrorCode.UNIMPLEMENTED, "coordinator: expected a path of its own, got " + path);
    };
  }

  private static Answer pending(String text) {
    return new Answer(202, text.getBytes(StandardCharsets.UTF_8));
  }

  private void checkSecret(Headers headers) {
    if (secret.isPresent()) {
      String given = String.valueOf(headers.getFirst("Authorization"));
      // Takes as long whatever differs.
      if (!MessageDigest.isEqual(
          ("Bearer " + secret.get()).getBytes(StandardCharsets.UTF_8),
          given.getBytes(StandardCharsets.UTF_8))) {
        throw Failures.of(
            ErrorCode.UNAUTHENTICATED,
            "coordinator: expected the secret of this run, got another or none; give all processes"
                + " the same "
                + ProcessGroup.SECRET);
      }
    }
  }

  private static int number(Headers headers, String name) {
    String text = String.valueOf(headers.getFirst(name));
    if (!text.matches("-?\\d{1,9}")) {
      throw Failures.of(
          ErrorCode.INVALID_ARGUMENT, name + ": expected a number, got '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  private static Duration wait(Headers headers) {
    return Duration.ofMillis(Math.max(0, number(headers, Wire.WAIT)));
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(Wire.MOST_BYTES + 1);
    if (body.length > Wire.MOST_BYTES) {
      throw Failures.of(
          ErrorCode.RESOURCE_EXHAUSTED,
          "coordinator: expected at most " + Wire.MOST_BYTES + " bytes in a request, got more");
    }
    return body;
  }

  private static void send(HttpExchange exchange, ErrorCode code, String message)
      throws IOException {
    exchange.getResponseHeaders().set(Wire.CODE, code.name());
    send(exchange, 400, message.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte @Nullable [] body)
      throws IOException {
    exchange.sendResponseHeaders(status, body == null || body.length == 0 ? -1 : body.length);
    if (body != null && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Ends it, whoever still waits. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
