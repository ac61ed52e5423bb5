package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HandlesTest {
  @RegisterExtension static final WithClient CPU = new WithClient(1);

  private final Client client = CPU.client();

  @Test
  void findsWhatWasDropped() throws InterruptedException {
    long live = Handles.live();
    long leaked = Handles.leaked();
    drop();
    // The collector needs to be asked, and its news to be read by the thread that closes.
    for (int round = 0; round < 200 && Handles.leaked() < leaked + 10; round++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(leaked + 10, Handles.leaked());
    assertEquals(live, Handles.live());
  }

  private void drop() {
    for (int count = 0; count < 10; count++) {
      DeviceBuffer dropped = client.scalar(1f, client.device());
      assertTrue(dropped.isOpen());
    }
  }

  @Test
  void livesThroughClosingWhileOthersUse() throws Exception {
    String program =
        """
        module @step {
          func.func public @main(%x: tensor<256xf32> {tf.aliasing_output = 0 : i32}) -> tensor<256xf32> {
            %y = stablehlo.add %x, %x : tensor<256xf32>
            return %y : tensor<256xf32>
          }
        }
        """;
    try (LoadedExecutable step = client.compile(program, CompileOptions.singleDevice());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 50; round++) {
        DeviceBuffer shared = client.transfer(new float[256], client.device(), 256);
        List<Future<?>> all = new ArrayList<>();
        for (int user = 0; user < 8; user++) {
          all.add(threads.submit(() -> use(step, shared)));
        }
        for (Future<?> one : all) {
          one.get();
        }
        shared.close();
      }
    }
  }

  /** Reads, donates or closes; whoever comes late is told so. */
  private static void use(LoadedExecutable step, DeviceBuffer shared) {
    try {
      switch (ThreadLocalRandom.current().nextInt(4)) {
        case 0 -> shared.close();
        case 1 -> step.execute(List.of(shared)).close();
        default -> shared.readFloats();
      }
    } catch (IllegalStateException | PjrtException late) {
      assertTrue(
          late.toString().contains("closed")
              || late.toString().contains("donated")
              || late.toString().contains("delete"),
          late::toString);
    }
  }
}
