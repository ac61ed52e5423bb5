package dev.hlotune.trainer.watch;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What Weights &amp; Biases calls a run and where its files go, by the environment variables of its
 * own client.
 *
 * @param folder that gets the folder of the run
 * @param id eight letters and digits
 */
record WandbSettings(
    Path folder,
    String id,
    String project,
    Optional<String> entity,
    String name,
    Optional<String> group,
    Optional<String> notes,
    List<String> tags) {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 8;

  WandbSettings {
    tags = List.copyOf(tags);
  }

  /**
   * The settings of an environment.
   *
   * @param output the run's output directory
   * @param name of the run
   */
  static WandbSettings of(Map<String, String> environment, Path output, String name) {
    return new WandbSettings(
        set(environment, "WANDB_DIR").map(Path::of).orElse(output).resolve("wandb"),
        set(environment, "WANDB_RUN_ID").orElseGet(WandbSettings::drawn),
        set(environment, "WANDB_PROJECT").orElse("hlotune"),
        set(environment, "WANDB_ENTITY"),
        set(environment, "WANDB_NAME").orElse(name),
        set(environment, "WANDB_RUN_GROUP"),
        set(environment, "WANDB_NOTES"),
        set(environment, "WANDB_TAGS").stream()
            .flatMap(tags -> Arrays.stream(tags.split(",", -1)))
            .map(String::strip)
            .filter(tag -> !tag.isEmpty())
            .toList());
  }

  private static Optional<String> set(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String drawn() {
    RandomGenerator random = RandomGenerator.of("SecureRandom");
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
