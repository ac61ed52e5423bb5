package dev.hlotune.trainer.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requests laid out to go through the model together: what they begin with alike once, then of each
 * the rest, which sees that beginning and itself and none of the others.
 *
 * @param requests the requests
 * @param shared how many tokens they share; 0 where there is one request
 */
record Sheet(List<Request> requests, int shared) {
  Sheet {
    requests = List.copyOf(requests);
  }

  /**
   * Lays the requests of one question out, all on one sheet where they begin alike.
   *
   * @param sharing whether they may share their beginning
   */
  static List<Sheet> of(List<Request> requests, boolean sharing) {
    int shared = sharing && requests.size() > 1 ? alike(requests) : 0;
    if (shared > 0) {
      return List.of(new Sheet(requests, shared));
    }
    List<Sheet> sheets = new ArrayList<>();
    requests.forEach(request -> sheets.add(new Sheet(List.of(request), 0)));
    return sheets;
  }

  /** Tokens that all begin with, none of which predicts what is scored. */
  private static int alike(List<Request> requests) {
    int[] first = requests.getFirst().tokens();
    int most = Integer.MAX_VALUE;
    for (Request request : requests) {
      int[] other = request.tokens();
      int end = Math.min(Math.min(first.length, other.length), most);
      int mismatch = Arrays.mismatch(first, 0, end, other, 0, end);
      most = Math.min(most, mismatch < 0 ? end : mismatch);
      most = Math.min(most, request.start());
    }
    return most;
  }

  /** How many positions it takes. */
  int length() {
    int length = shared;
    for (Request request : requests) {
      length += request.length() - shared;
    }
    return length;
  }
}
