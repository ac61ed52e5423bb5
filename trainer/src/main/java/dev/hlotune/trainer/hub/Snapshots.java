package dev.hlotune.trainer.hub;

import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Opens commits and fetches what is wanted of them: from the hub, or from the cache alone. */
final class Snapshots implements AutoCloseable {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern REVISION = Pattern.compile("[^/\\\\:\\s][^\\\\:\\s\\x00]*");
  private static final int MOST_NAMED = 3;

  private final HubSettings settings;
  private final Optional<HubClient> client;
  private final HubErrors errors;

  /**
   * Snapshots.
   *
   * @param client empty to ask nobody
   */
  Snapshots(HubSettings settings, Optional<HubClient> client) {
    this.settings = settings;
    this.client = client;
    this.errors = new HubErrors(settings);
  }

  /**
   * Finds out what a revision stands for and what it holds.
   *
   * @throws dev.hlotune.trainer.source.DataException if the repository cannot be read
   */
  Snapshot open(Repository repository, String revision) {
    return find(repository, revision).orElseThrow(() -> errors.noRevision(repository, revision));
  }

  /** As {@link #open}; empty where the repository has no such revision. */
  Optional<Snapshot> find(Repository repository, String revision) {
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      // It becomes the name of a file; git has the same rules.
      throw errors.noRevision(repository, revision);
    }
    RepositoryCache cache = cache(repository);
    try {
      return client.isPresent()
          ? ask(repository, revision, cache, client.get())
          : Optional.of(recall(repository, revision, cache));
    } catch (IOException failure) {
      throw errors.cache(failure);
    } catch (InterruptedException stop) {
      throw interrupted();
    }
  }

  private Optional<Snapshot> ask(
      Repository repository, String revision, RepositoryCache cache, HubClient hub)
      throws IOException, InterruptedException {
    List<String> names = List.of();
    String commit = revision;
    if (!COMMIT.matcher(revision).matches()) {
      Optional<HubClient.Revision> known = hub.revision(repository, revision);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      commit = known.get().commit();
      names = known.get().names();
      cache.remember(revision, commit);
    }
    Optional<List<RemoteFile>> files = cache.tree(commit);
    if (files.isEmpty()) {
      files = hub.tree(repository, commit);
      if (files.isPresent()) {
        cache.keepTree(commit, files.get());
      } else if (names.isEmpty()) {
        Optional<HubClient.Revision> known = hub.revision(repository, commit);
        if (known.isEmpty()) {
          return Optional.empty();
        }
        names = known.get().names();
      }
    }
    return Optional.of(
        Snapshot.of(
            repository,
            revision,
            commit,
            cache.snapshot(commit),
            files.orElse(names.stream().map(RemoteFile::named).toList())));
  }

  private Snapshot recall(Repository repository, String revision, RepositoryCache cache)
      throws IOException {
    Optional<String> commit =
        COMMIT.matcher(revision).matches() ? Optional.of(revision) : cache.commit(revision);
    if (commit.isEmpty()) {
      throw errors.notCached(repository, "revision '" + revision + "'", "none");
    }
    Optional<List<RemoteFile>> tree = cache.tree(commit.get());
    List<RemoteFile> files = tree.isPresent() ? tree.get() : cache.present(commit.get());
    if (files.isEmpty()) {
      throw errors.notCached(repository, "files of revision '" + revision + "'", "none");
    }
    return Snapshot.of(repository, revision, commit.get(), cache.snapshot(commit.get()), files);
  }

  /**
   * Fetches files that are not there yet.
   *
   * @return their places, in the same order
   * @throws dev.hlotune.trainer.source.DataException if one cannot be had
   */
  List<Path> fetch(Snapshot snapshot, List<String> paths, HubProgress progress) {
    RepositoryCache cache = cache(snapshot.repository());
    List<RemoteFile> files = snapshot.files(paths);
    try {
      List<RemoteFile> missing = new ArrayList<>();
      for (RemoteFile file : files) {
        if (!cache.has(snapshot.commit(), file)) {
          missing.add(file);
        }
      }
      if (!missing.isEmpty()) {
        HubClient hub = client.orElseThrow(() -> lacks(snapshot, files, missing));
        try (Fetching fetching = new Fetching(hub, cache, snapshot, errors)) {
          fetching.fetch(missing, progress);
        }
      }
    } catch (IOException failure) {
      throw errors.cache(failure);
    } catch (InterruptedException stop) {
      throw interrupted();
    }
    return files.stream().map(file -> cache.place(snapshot.commit(), file)).toList();
  }

  /** The error of a file in the cache that cannot be read. */
  DataException unreadable(IOException failure) {
    return errors.cache(failure);
  }

  private DataException lacks(Snapshot snapshot, List<RemoteFile> files, List<RemoteFile> missing) {
    return errors.notCached(
        snapshot.repository(),
        files.size() == 1 ? "1 file" : files.size() + " files",
        "%d; missing: %s%s"
            .formatted(
                files.size() - missing.size(),
                missing.stream()
                    .limit(MOST_NAMED)
                    .map(file -> "'" + file.path() + "'")
                    .collect(Collectors.joining(", ")),
                missing.size() > MOST_NAMED
                    ? " and %d more".formatted(missing.size() - MOST_NAMED)
                    : ""));
  }

  private RepositoryCache cache(Repository repository) {
    return new RepositoryCache(settings.cache(), repository, settings.symlinks());
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted");
  }

  @Override
  public void close() {
    client.ifPresent(HubClient::close);
  }
}
