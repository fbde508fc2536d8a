package io.qrsaas.connect.events;

import java.util.function.Predicate;

/** Looks through the causes of what was thrown. */
final class Causes {
  private static final int DEEPEST = 20;

  private Causes() {}

  static boolean any(Throwable thrown, Predicate<Throwable> wanted) {
    int depth = 0;
    for (Throwable each = thrown; each != null && depth < DEEPEST; each = each.getCause(), depth += 1) {
      if (wanted.test(each)) {
        return true;
      }
    }
    return false;
  }

  /** The message of the innermost cause that has one, in one line. */
  static String innermost(Throwable thrown) {
    String found = thrown.getClass().getSimpleName();
    int depth = 0;
    for (Throwable each = thrown; each != null && depth < DEEPEST; each = each.getCause(), depth += 1) {
      if (each.getMessage() != null) {
        found = each.getMessage();
      }
    }
    return found.replaceAll("\\s+", " ").trim().replaceAll("\\.$", "");
  }
}
