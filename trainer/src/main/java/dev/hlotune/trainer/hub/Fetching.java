package dev.hlotune.trainer.hub;

import dev.hlotune.pjrt.web.Download;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Several files of one commit on their way, a few at once. Progress is told on the thread that
 * waits for them, which may end it by an exception of its own.
 */
final class Fetching implements AutoCloseable {
  private static final int AT_ONCE = 4;
  private static final long TICK_MILLISECONDS = 100;

  private final HubClient client;
  private final RepositoryCache cache;
  private final Snapshot snapshot;
  private final HubErrors errors;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().daemon().name("hub-", 0).factory());
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong total = new AtomicLong();

  Fetching(HubClient client, RepositoryCache cache, Snapshot snapshot, HubErrors errors) {
    this.client = client;
    this.cache = cache;
    this.snapshot = snapshot;
    this.errors = errors;
  }

  /** Fetches all; the first failure ends it, and what has come until then is kept. */
  void fetch(List<RemoteFile> files, HubProgress progress)
      throws IOException, InterruptedException {
    String activity = "downloading " + snapshot.repository().id();
    List<RemoteFile> known = new ArrayList<>();
    for (RemoteFile file : files) {
      known.add(
          file.isKnown()
              ? file
              : client.tagged(snapshot.repository(), snapshot.commit(), file).checked());
    }
    total.set(known.stream().mapToLong(file -> Math.max(0, file.size())).sum());
    CompletionService<RemoteFile> coming = new ExecutorCompletionService<>(threads);
    for (RemoteFile file : known) {
      coming.submit(() -> {
        one(file);
        return file;
      });
    }
    progress.update(activity, 0, total.get());
    for (int left = known.size(); left > 0; ) {
      Future<RemoteFile> next = coming.poll(TICK_MILLISECONDS, TimeUnit.MILLISECONDS);
      if (next != null) {
        left--;
        finish(next);
      }
      progress.update(activity, Math.min(done.get(), total.get()), total.get());
    }
  }

  private void one(RemoteFile file) throws IOException, InterruptedException {
    AtomicLong here = new AtomicLong();
    Download.Listener listener = (now, _) -> done.addAndGet(now - here.getAndSet(now));
    cache.add(
        snapshot.commit(),
        file,
        part -> {
          try {
            client.download(snapshot.repository(), snapshot.commit(), file, part, listener);
          } catch (FileSystemException ours) {
            throw ours;
          } catch (IOException failure) {
            throw errors.notFetched(snapshot.repository(), file.path(), failure);
          }
        });
    // Another process may have brought it meanwhile.
    listener.progress(Math.max(here.get(), file.size()), file.size());
  }

  private static void finish(Future<?> future) throws IOException, InterruptedException {
    try {
      future.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case RuntimeException e -> throw e;
        case IOException e -> throw e;
        case InterruptedException e -> throw e;
        case Error e -> throw e;
        case null, default -> throw new IllegalStateException(failed);
      }
    }
  }

  /** Stops what is still on its way, and waits until it has let go of its files. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
