package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.loop.BuildVersion;
import picocli.CommandLine.IVersionProvider;

/** The line of {@code --version}. */
final class Version implements IVersionProvider {

  /** Made by picocli, by reflection. */
  Version() {}

  @Override
  public String[] getVersion() {
    return new String[] {"hlotune " + BuildVersion.current()};
  }
}
