package dev.tandem.inference.runtime;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The kernel's notation for sets of CPUs, for example {@code 0-3,8}. */
final class CpuList {
    private CpuList() {}

    /** Ascending CPU numbers; an empty text is the empty set. */
    static List<Integer> parse(String text) {
        TreeSet<Integer> cpus = new TreeSet<>();
        for (String range : text.strip().split(",", -1)) {
            if (!range.isBlank()) {
                addRange(cpus, range.strip());
            }
        }
        return List.copyOf(cpus);
    }

    static boolean isContiguous(List<Integer> ascending) {
        return ascending.get(ascending.size() - 1) - ascending.get(0) == ascending.size() - 1;
    }

    private static void addRange(SortedSet<Integer> cpus, String range) {
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
        for (int cpu = first; cpu <= last; cpu++) {
            cpus.add(cpu);
        }
    }
}
