package dev.hlotune.trainer.cli;

import dev.hlotune.pjrt.PluginRegistry;

/** Shows how a download goes on: a bar on a terminal, elsewhere a line when it starts. */
final class DownloadDisplay implements PluginRegistry.Progress {
  private static final long STEP = 1 << 18;

  private final Console console;
  private String file = "";
  private long drawn = -STEP;

  DownloadDisplay(Console console) {
    this.console = console;
  }

  @Override
  public void update(String name, long done, long total) {
    if (!file.equals(name)) {
      file = name;
      drawn = -STEP;
      console.note("downloading " + name + (total > 0 ? " (" + Amounts.bytes(total) + ")" : ""));
    }
    if (done - drawn >= STEP || done == total) {
      drawn = done;
      console.draw(
          total > 0 ? Bar.of(done, total, 30) + "  " + Amounts.bytes(done) : Amounts.bytes(done));
    }
  }
}
