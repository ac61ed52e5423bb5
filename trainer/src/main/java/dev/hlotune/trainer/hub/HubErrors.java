package dev.hlotune.trainer.hub;

import dev.hlotune.pjrt.web.Patience;
import dev.hlotune.pjrt.web.Web;
import dev.hlotune.pjrt.web.WebAnswer;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** What the hub's refusals mean, and what is to be done. */
final class HubErrors {
  private final HubSettings settings;

  HubErrors(HubSettings settings) {
    this.settings = settings;
  }

  /**
   * An answer that is not what was asked for.
   *
   * @param revision the revision that was asked for
   * @param path the file that was asked for, or empty
   */
  DataException refused(Repository repository, String revision, String path, WebAnswer answer) {
    String code = answer.firstHeader("X-Error-Code").orElse("");
    String said = answer.firstHeader("X-Error-Message").orElse("");
    int status = answer.status();
    String name = "'" + repository.id() + "'";
    String kind = repository.kind().shown();
    if (code.equals("GatedRepo")) {
      return new DataException(
          "%s: expected the right to read a gated %s, got status %d; accept its terms at %s%s"
              .formatted(
                  name,
                  kind,
                  status,
                  page(repository),
                  settings
                      .token()
                      .map(token -> " with the account of the " + token)
                      .orElse(" and set HF_TOKEN to a token of that account")));
    }
    if (code.equals("RevisionNotFound")) {
      return noRevision(repository, revision);
    }
    if (code.equals("EntryNotFound")) {
      return new DataException(
          "%s: expected the file '%s' in revision '%s', got none".formatted(name, path, revision));
    }
    if (status == 401 && said.startsWith("Invalid credentials")) {
      return new DataException(
          "%s: expected one that %s knows, got another; make one at %s/settings/tokens, or do without"
              .formatted(settings.token().map(Token::toString).orElse("token"), shown(), shown()));
    }
    if (code.equals("RepoNotFound") || status == 401 || status == 404) {
      return new DataException(
          "%s: expected a %s on %s, got none of that name (status %d); check the spelling of the id or path, or %s"
              .formatted(
                  name,
                  kind,
                  shown(),
                  status,
                  settings
                      .token()
                      .map(token -> "whether the " + token + " may read it")
                      .orElse("set HF_TOKEN to a token that may read it")));
    }
    return new DataException(
        "%s: expected %s, got status %d%s; %s"
            .formatted(
                name,
                path.isEmpty() ? "an answer of " + shown() : "its file '" + path + "'",
                status,
                said.isEmpty() ? "" : " (" + said.lines().findFirst().orElse("") + ")",
                advice(status, answer)));
  }

  /** A revision that the repository does not have. */
  DataException noRevision(Repository repository, String revision) {
    return new DataException(
        "'%s': expected a branch, tag or commit of it, got '%s'; see %s"
            .formatted(repository.id(), revision, page(repository)));
  }

  private String advice(int status, WebAnswer answer) {
    if (status == 429) {
      return Patience.asked(answer)
              .map(wait -> "it asks to be left alone for " + Patience.text(wait))
              .orElse("it asks to be left alone for a while")
          + (settings.token().isPresent() ? "" : ", and for less with a token in HF_TOKEN");
    }
    if (status == 403) {
      return "see "
          + settings.token().map(token -> "what the " + token + " may do").orElse("HF_TOKEN");
    }
    return "try again later, or set HF_HUB_OFFLINE=1 to use what the cache holds";
  }

  /** No answer at all. */
  DataException unreachable(IOException failure) {
    return because(
        "%s: expected an answer, got '%s'; %s"
            .formatted(
                shown(),
                Web.reason(failure),
                failure instanceof SSLException
                    ? "name the certificates to trust with SSL_CERT_FILE"
                    : "check the network (HTTPS_PROXY, HF_ENDPOINT), or set HF_HUB_OFFLINE=1 to use what the cache holds"),
        failure);
  }

  /** A file that broke off or came wrong. */
  DataException notFetched(Repository repository, String path, IOException failure) {
    return because(
        "'%s': expected its file '%s' from %s, got '%s'; run it again to go on where it stopped"
            .formatted(repository.id(), path, shown(), Web.reason(failure)),
        failure);
  }

  /** An answer that says something else than it should. */
  DataException unreadable(Repository repository, String what, String got) {
    return new DataException(
        "%s: expected %s of '%s', got %s; does HF_ENDPOINT name a hub?"
            .formatted(shown(), what, repository.id(), got));
  }

  /** For the trace; a cause would make it a matter of this machine's files. */
  private static DataException because(String message, IOException failure) {
    DataException exception = new DataException(message);
    exception.addSuppressed(failure);
    return exception;
  }

  private String page(Repository repository) {
    return shown() + repository.page();
  }

  private String shown() {
    return Web.withoutUser(URI.create(settings.endpoint())).toString();
  }

  /** A cache that cannot be used. */
  DataException cache(IOException failure) {
    Path place = settings.cache();
    String reason = Web.reason(failure);
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      place = Path.of(file.getFile());
      reason =
          switch (file) {
            case AccessDeniedException _ -> "access denied";
            case FileAlreadyExistsException _ -> "something else in its place";
            default -> file.getReason() != null ? file.getReason() : reason;
          };
    }
    return new DataException(
        place,
        "expected a cache of the hub that can be read and written, got '%s'; name another with HF_HUB_CACHE or HF_HOME"
            .formatted(reason),
        failure);
  }

  /** What the cache does not hold, where nothing but the cache may be asked. */
  DataException notCached(Repository repository, String expected, String got) {
    return new DataException(
        "'%s': expected %s in the cache '%s', got %s; run it once without 'offline' and HF_HUB_OFFLINE"
            .formatted(repository.id(), expected, settings.cache(), got));
  }
}
