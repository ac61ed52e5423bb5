package dev.hlotune.trainer.plan;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.RecipeProgram;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes the text of a recipe's train step on eight devices, and says what that took. Run it in a
 * virtual machine of its own:
 *
 * <pre>
 * java -Xmx512m -cp trainer/target/classes:…:trainer/target/test-classes \
 *   dev.hlotune.trainer.plan.Emission --model_name_or_path configs/llama3.1-8b/config.json \
 *   --dtype bfloat16 --scan_layers true --max_length 2048
 * </pre>
 */
final class Emission {
  private Emission() {}

  public static void main(String[] arguments) throws IOException {
    SftConfig config = SftRecipe.readPlanned(List.of(arguments)).config();
    PlannedRecipe recipe =
        PlannedRecipe.open(
            config, Target.of("cuda:h100"), Optional.of(8), false, _ -> {}, new AtomicBoolean());
    RecipeProgram step = recipe.programs().all().getFirst();
    long start = System.nanoTime();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    String text = recipe.text(step.kind(), step.program());
    System.out.printf(
        Locale.ROOT,
        "%s: %,d characters in %.2f s, %.2f s of this thread, heap at most %d MiB%n",
        step.name(),
        text.length(),
        (System.nanoTime() - start) / 1e9,
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9,
        Runtime.getRuntime().maxMemory() >> 20);
  }
}
