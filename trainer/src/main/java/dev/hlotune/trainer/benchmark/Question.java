package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.source.Origin;
import java.util.List;

/**
 * A question with answers to choose from.
 *
 * @param text what is asked, empty where the choices stand in it
 * @param choices the answers; with an ending, the beginnings of the whole
 * @param ending what follows each choice and is what is scored; empty where it is the choice
 * @param gold the place of the right choice, from 0
 * @param truths which choices are true, where several may be
 * @param origin where it was read
 */
record Question(
    String text,
    List<String> choices,
    String ending,
    int gold,
    List<Boolean> truths,
    Origin origin) {

  Question {
    choices = List.copyOf(choices);
    truths = List.copyOf(truths);
  }

  /** With one right answer, which stands after the question. */
  Question(String text, List<String> choices, int gold, Origin origin) {
    this(text, choices, "", gold, List.of(), origin);
  }

  /** Whether the choices stand in what is asked. */
  boolean chosenWithin() {
    return !ending.isEmpty();
  }

  /** What is asked in the case of one choice. */
  String asked(int choice) {
    return chosenWithin() ? choices.get(choice) : text;
  }

  /** What is answered in the case of one choice. */
  String answered(int choice) {
    return chosenWithin() ? ending : choices.get(choice);
  }
}
