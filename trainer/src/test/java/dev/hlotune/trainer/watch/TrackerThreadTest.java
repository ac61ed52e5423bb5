package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trackers that are slow, broken or gone: the run does not notice. */
final class TrackerThreadTest {
  @TempDir Path folder;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

  /** Does as it is told at each delivery. */
  private static final class Scripted implements Tracker {
    interface Action {
      void run(List<Moment> moments) throws IOException, InterruptedException;
    }

    private final Action action;
    private volatile boolean closed;

    Scripted(Action action) {
      this.action = action;
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public void take(List<Moment> moments) throws IOException, InterruptedException {
      action.run(moments);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void everythingIsDeliveredInOrderBeforeTheEnd() throws Exception {
    List<Moment> got = new ArrayList<>();
    Scripted tracker = new Scripted(got::addAll);
    TrackerThread thread = TrackerThread.start(tracker, notes::add);
    List<Moment> all = Told.whole();
    all.forEach(thread::offer);
    thread.close(Duration.ofSeconds(30));
    assertEquals(all, got);
    assertTrue(tracker.closed);
    assertEquals(List.of(), notes);
  }

  @Test
  void aFailureIsToldOnceAndItsEndToo() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    boolean[] works = {false};
    Scripted tracker =
        new Scripted(moments -> {
          first.countDown();
          if (!works[0]) {
            works[0] = moments.getLast().event() instanceof RunEvent.Ended;
            throw new IOException("the disk is full");
          }
        });
    TrackerThread thread = TrackerThread.start(tracker, notes::add, 100);
    thread.offer(Told.whole().getFirst());
    first.await();
    Told.whole().forEach(thread::offer);
    while (!works[0]) {
      Thread.onSpinWait();
    }
    thread.offer(Told.whole().getLast());
    thread.close(Duration.ofSeconds(30));
    assertEquals(
        List.of(
            "scripted: the disk is full; the run goes on, metrics.jsonl has all figures, and it is tried again",
            "scripted: what was kept is delivered"),
        notes);
  }

  @Test
  void aCrashIsANote() throws Exception {
    Scripted tracker =
        new Scripted(_ -> {
          throw new IllegalStateException("a mistake");
        });
    TrackerThread thread = TrackerThread.start(tracker, notes::add, 2);
    for (int i = 0; i < 100; i++) {
      thread.offer(Told.whole().getFirst());
    }
    thread.close(Duration.ofMillis(200));
    assertTrue(
        notes.contains(
            "scripted: stopped by java.lang.IllegalStateException: a mistake; the run goes on, metrics.jsonl has all figures"),
        notes.toString());
  }

  @Test
  void aTrackerThatHangsHoldsNothingUp() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    Scripted tracker = new Scripted(_ -> hangs.await());
    TrackerThread thread = TrackerThread.start(tracker, notes::add, 10);
    for (int i = 0; i < 1000; i++) {
      thread.offer(Told.whole().getFirst());
    }
    thread.close(Duration.ofMillis(50));
    assertTrue(
        notes.getFirst().startsWith("scripted: not all was delivered within"), notes.toString());
    assertTrue(
        notes.getLast().matches("scripted: 9\\d\\d events found no room in its queue .*"),
        notes.toString());
  }

  /** Notes come before the end of the run, and nothing after it. */
  @Test
  void theEndIsTheLastThatIsHeard() {
    List<RunEvent> heard = new ArrayList<>();
    List<Path> ended = new ArrayList<>();
    Scripted tracker =
        new Scripted(_ -> {
          throw new IOException("no route");
        });
    try (Watching watching = new Watching(heard::add, List.of(tracker), folder, ended::add)) {
      Told.whole().forEach(moment -> watching.on(moment.event()));
      watching.on(Told.ended(RunSummary.Outcome.DIVERGED));
    }
    assertEquals(RunEvent.Ended.class, heard.getLast().getClass());
    assertEquals(
        1, heard.stream().filter(RunEvent.Noted.class::isInstance).count(), heard.toString());
    assertEquals(List.of(folder, folder), ended);
  }
}
