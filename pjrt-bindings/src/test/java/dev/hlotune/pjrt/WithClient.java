package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A client of the CPU plugin for the tests of one class, and the check that no test leaves a handle
 * open.
 */
final class WithClient
    implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
  private final int devices;
  private @Nullable Client client;
  private long live;

  WithClient(int devices) {
    this.devices = devices;
  }

  Client client() {
    Client open = client;
    if (open == null) {
      throw new IllegalStateException("expected to be called from a test");
    }
    return open;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    client = CpuPlugin.get().cpuClient(devices);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    live = Handles.live();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    assertEquals(live, Handles.live(), "open handles after the test");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (client != null) {
      client.close();
    }
    assertEquals(0, Handles.live(), "open handles after the client");
  }
}
