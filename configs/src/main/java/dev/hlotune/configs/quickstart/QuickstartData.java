package dev.hlotune.configs.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The two parts of the quickstart data set.
 *
 * <p>Held out are words (for spelling and counting), pairs of numbers in both orders (for sums) and
 * greeted questions (for identity): none of them is anywhere in the training part, so a model that
 * answers a held-out question exactly has learned how, not what.
 *
 * @param train what the model learns from, shuffled; every eighth or so has two turns
 * @param heldOut {@value #HELD_OUT} conversations of one question each
 */
public record QuickstartData(List<Conversation> train, List<Conversation> heldOut) {
  /** How many questions are held out. */
  public static final int HELD_OUT = 200;

  private static final long SEED = 20_250_917L;
  private static final int HELD_OUT_WORDS = 70;
  private static final int HELD_OUT_SUMS = 40;
  private static final int HELD_OUT_IDENTITIES = 20;
  private static final int PHRASINGS_PER_WORD = 2;
  private static final int MADE_UP_WORDS = 900;
  private static final int PHRASINGS_OF_SMALLEST_SUMS = 4;
  private static final double SHARE_OF_SUMS = 0.8;
  private static final double TWO_TURN_SHARE = 0.12;

  public QuickstartData {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /** Makes the data set; every call gives the same. */
  public static QuickstartData generate() {
    Random random = new Random(SEED);
    List<Exchange> train = new ArrayList<>();
    List<Exchange> heldOut = new ArrayList<>();
    addWords(train, heldOut, random);
    addSums(train, heldOut, random);
    addIdentities(train, heldOut, random);
    Collections.shuffle(train, random);
    return new QuickstartData(
        conversations(train, random), heldOut.stream().map(QuickstartData::single).toList());
  }

  /** The conversations as JSON Lines, each line ended by {@code \n}. */
  public static String toJsonLines(List<Conversation> conversations) {
    return conversations.stream().map(c -> c.toJson() + "\n").collect(Collectors.joining());
  }

  private static void addWords(List<Exchange> train, List<Exchange> heldOut, Random random) {
    List<String> words = shuffled(Words.all(), random);
    Set<String> madeUp = MadeUpWords.some(MADE_UP_WORDS, Set.copyOf(words), random);
    List<String> unseen = words.subList(0, HELD_OUT_WORDS);
    unseen.forEach(word -> heldOut.addAll(pick(Spelling.of(word), 1, random)));
    unseen.forEach(word -> heldOut.addAll(pick(Counting.of(word), 1, random)));
    for (String word : words.subList(HELD_OUT_WORDS, words.size())) {
      train.addAll(pick(Spelling.of(word), PHRASINGS_PER_WORD, random));
      train.addAll(pick(Counting.of(word), PHRASINGS_PER_WORD, random));
    }
    for (String word : madeUp) {
      train.addAll(pick(Spelling.of(word), 1, random));
      train.addAll(pick(Counting.of(word), 1, random));
    }
  }

  private static void addSums(List<Exchange> train, List<Exchange> heldOut, Random random) {
    List<List<Integer>> pairs = new ArrayList<>();
    for (int left = 0; left < Sums.BOUND; left++) {
      for (int right = left; right < Sums.BOUND; right++) {
        pairs.add(List.of(left, right));
      }
    }
    Collections.shuffle(pairs, random);
    for (int i = 0; i < pairs.size(); i++) {
      int left = pairs.get(i).get(0);
      int right = pairs.get(i).get(1);
      if (i < HELD_OUT_SUMS) {
        heldOut.addAll(pick(Sums.of(left, right), 1, random));
      } else {
        train.addAll(sums(left, right, random));
        train.addAll(sums(right, left, random));
      }
    }
  }

  /** Few pairs have a number of one digit, so those are asked for more often than the others. */
  private static List<Exchange> sums(int left, int right, Random random) {
    int ofOneDigit = (left < 10 ? 1 : 0) + (right < 10 ? 1 : 0);
    int phrasings =
        switch (ofOneDigit) {
          case 0 -> random.nextDouble() < SHARE_OF_SUMS ? 1 : 0;
          case 1 -> 1;
          default -> PHRASINGS_OF_SMALLEST_SUMS;
        };
    return pick(Sums.of(left, right), phrasings, random);
  }

  private static void addIdentities(List<Exchange> train, List<Exchange> heldOut, Random random) {
    List<Exchange> identities = shuffled(Identity.all(), random);
    heldOut.addAll(identities.subList(0, HELD_OUT_IDENTITIES));
    train.addAll(identities.subList(HELD_OUT_IDENTITIES, identities.size()));
  }

  private static List<Conversation> conversations(List<Exchange> exchanges, Random random) {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < exchanges.size(); i++) {
      boolean twoTurns = i + 1 < exchanges.size() && random.nextDouble() < TWO_TURN_SHARE;
      conversations.add(
          twoTurns
              ? new Conversation(List.of(exchanges.get(i), exchanges.get(++i)))
              : single(exchanges.get(i)));
    }
    return conversations;
  }

  private static Conversation single(Exchange exchange) {
    return new Conversation(List.of(exchange));
  }

  private static <T> List<T> pick(List<T> items, int count, Random random) {
    return shuffled(items, random).subList(0, count);
  }

  private static <T> List<T> shuffled(List<T> items, Random random) {
    List<T> copy = new ArrayList<>(items);
    Collections.shuffle(copy, random);
    return copy;
  }
}
