package dev.tandem.deploy.cli;

import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Scheme;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A way of dividing a model that a user asks for.
 *
 * @param nodes most nodes; exactly as many for a pipeline
 * @param shards shares of each divided stage of the schemes rows, grid, channels and batch; core groups of branches
 * @param halo what becomes of halos, where that is asked for
 */
record Division(Scheme scheme, int nodes, int shards, Optional<Halo> halo) {

    private static final int DEFAULT_NODES = 2;

    /** With halos dealt with as the planner chooses. */
    Division(Scheme scheme, int nodes, int shards) {
        this(scheme, nodes, shards, Optional.empty());
    }

    /**
     * {@link #all(List, List, List)}, with each way of dealing with halos where a scheme has them.
     *
     * @param halos none: as the planner chooses
     * @throws CommandException when there are halos to deal with, but no scheme has them
     */
    static List<Division> all(List<Scheme> schemes, List<Integer> nodes, List<Integer> shards, List<Halo> halos) {
        Optional<Halo> useless = halos.stream()
                .filter(halo -> schemes.stream().filter(Division::hasHalos).noneMatch(halo::isOf))
                .findFirst();
        if (useless.isPresent()) {
            throw CommandException.usage("--halo " + useless.get().name().toLowerCase(Locale.ROOT) + " is for "
                    + (useless.get() == Halo.OVERLAP ? "scheme rows" : "the schemes rows and grid")
                    + ", and none of those is among "
                    + schemes.stream()
                            .map(scheme -> scheme.name().toLowerCase(Locale.ROOT))
                            .toList()
                    + ". Maybe add --scheme rows.");
        }
        return all(schemes, nodes, shards).stream()
                .flatMap(division -> division.with(halos).stream())
                .distinct()
                .toList();
    }

    private static boolean hasHalos(Scheme scheme) {
        return scheme == Scheme.ROWS || scheme == Scheme.GRID;
    }

    /** The same with halos dealt with so, one for each; itself where there are none, or the scheme has no halos. */
    private List<Division> with(List<Halo> halos) {
        List<Division> ways = halos.stream()
                .filter(way -> hasHalos(scheme) && way.isOf(scheme))
                .map(way -> new Division(scheme, nodes, shards, Optional.of(way)))
                .toList();
        return ways.isEmpty() ? List.of(this) : ways;
    }

    /** The scheme, and what becomes of halos where that is asked for, as they are written. */
    String name() {
        String name = scheme.name().toLowerCase(Locale.ROOT);
        return halo.map(way -> name + "-" + way.name().toLowerCase(Locale.ROOT)).orElse(name);
    }

    /** All combinations that differ: the single scheme has one, a pipeline one per number of nodes. */
    static List<Division> all(List<Scheme> schemes, List<Integer> nodes, List<Integer> shards) {
        nodes.forEach(count -> CommandLines.requireAtLeastOne("--nodes", count));
        shards.forEach(count -> CommandLines.requireAtLeastOne("--shards", count));
        Set<Division> divisions = new LinkedHashSet<>();
        for (Scheme scheme : schemes) {
            switch (scheme) {
                case SINGLE -> divisions.add(new Division(scheme, 1, 1));
                case PIPELINE, LANES ->
                    orDefault(nodes).forEach(count -> divisions.add(new Division(scheme, count, 1)));
                case ROWS, GRID, CHANNELS, BATCH, BRANCHES -> divisions.addAll(divided(scheme, nodes, shards));
                case AUTO, HYBRID ->
                    orDefault(nodes).forEach(count -> divisions.add(new Division(scheme, count, most(shards, count))));
            }
        }
        return List.copyOf(divisions);
    }

    /** Members that a cluster for all of them needs. */
    static int mostNodes(List<Division> divisions) {
        return divisions.stream().mapToInt(Division::nodes).max().orElse(1);
    }

    /** One per number of shares, which is the number of nodes where none is given; and the other way round. */
    private static List<Division> divided(Scheme scheme, List<Integer> nodes, List<Integer> shards) {
        List<Integer> counts = shards.isEmpty() ? orDefault(nodes) : shards;
        return counts.stream()
                .map(count -> new Division(scheme, shards.isEmpty() ? count : most(nodes, count), count))
                .toList();
    }

    private static int most(List<Integer> given, int otherwise) {
        return given.stream().mapToInt(Integer::intValue).max().orElse(otherwise);
    }

    private static List<Integer> orDefault(List<Integer> nodes) {
        return nodes.isEmpty() ? List.of(DEFAULT_NODES) : nodes;
    }
}
