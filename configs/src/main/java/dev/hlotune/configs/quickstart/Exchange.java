package dev.hlotune.configs.quickstart;

import java.util.Objects;

/**
 * One question of the user and the only right answer to it.
 *
 * @param question what the user says
 * @param answer what the assistant says, to the letter
 */
public record Exchange(String question, String answer) {
  public Exchange {
    Objects.requireNonNull(question, "question");
    Objects.requireNonNull(answer, "answer");
  }
}
