package dev.tandem.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant: the one with the fewest single-letter edits. */
public final class NearestName {

    /** One edit in so many letters still looks like a slip of the pen. */
    private static final int LETTERS_PER_EDIT = 3;

    private NearestName() {}

    /** The nearest candidate, if it is near enough to be a slip; of equally near ones the first. */
    public static Optional<String> of(String name, Collection<String> candidates) {
        String written = normalised(name);
        return candidates.stream()
                .filter(candidate -> distance(written, normalised(candidate)) <= tolerance(written, candidate))
                .min(Comparator.comparingInt(candidate -> distance(written, normalised(candidate))));
    }

    /** A sentence for the user, or nothing where no candidate is near. */
    public static String hint(String name, Collection<String> candidates) {
        return of(name, candidates).map(near -> "Did you mean " + near + "?").orElse("");
    }

    private static int tolerance(String written, String candidate) {
        return Math.max(1, Math.max(written.length(), candidate.length()) / LETTERS_PER_EDIT);
    }

    /** Without case and separators: maxInFlight and max_in_flight mean max-in-flight. */
    private static String normalised(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    /** Edit distance with transposition of neighbours (optimal string alignment; Damerau 1964, Levenshtein 1966). */
    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int cheapest(int[][] edits, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int changed = edits[i - 1][j - 1] + (same ? 0 : 1);
        int best = Math.min(changed, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }
}
