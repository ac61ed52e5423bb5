package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock on a file, held against other processes and other threads until it is closed. The file
 * stays: to delete it would let two hold it.
 */
public final class HeldLock implements AutoCloseable {
  /** A lock of the operating system is held by the process; threads have one of their own. */
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private static final long POLL_MILLISECONDS = 50;

  private final ReentrantLock thread;
  private final FileChannel channel;
  private final FileLock process;

  private HeldLock(ReentrantLock thread, FileChannel channel, FileLock process) {
    this.thread = thread;
    this.channel = channel;
    this.process = process;
  }

  /**
   * Waits for the lock.
   *
   * @param file made where it is not there; its folder must be
   */
  public static HeldLock take(Path file) throws IOException, InterruptedException {
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
    thread.lockInterruptibly();
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        return new HeldLock(thread, channel, taken(channel));
      } catch (IOException | InterruptedException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      thread.unlock();
      throw e;
    }
  }

  /**
   * Asks again and again rather than to be woken: a system that lets a process wait for a lock
   * refuses that as a deadlock when the process holds another lock that is waited for, although
   * these are matters of different threads.
   */
  private static FileLock taken(FileChannel channel) throws IOException, InterruptedException {
    while (true) {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      Thread.sleep(POLL_MILLISECONDS);
    }
  }

  /** Lets it go; a second time does nothing. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      process.release();
      channel.close();
    } finally {
      thread.unlock();
    }
  }
}
