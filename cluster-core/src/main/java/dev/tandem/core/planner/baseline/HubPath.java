package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The simple path from the leader on that {@link DisNet} scores best.
 *
 * @param hubs nodes of the path, in order
 */
record HubPath(PlanRequest request, List<CoreGroup> fleet, List<CoreGroup> hubs) {

    private static final double BYTES_PER_SECOND_OF_ONE_MBIT = 125_000;
    private static final double MOST_MBIT = 15;

    /** How many megabits per second count as much as one step of rate. */
    private static final double MBIT_PER_RATE = 5;

    private static final double FASTEST_RATE = 10;

    /** Paths over more nodes are too many to score. */
    private static final int MOST_NODES = 10;

    HubPath {
        fleet = List.copyOf(fleet);
        hubs = List.copyOf(hubs);
    }

    static HubPath best(PlanRequest request, Fleet fleet, int mostHubs) {
        List<CoreGroup> nodes = fleet.leaderFirst();
        List<CoreGroup> seen = nodes.subList(0, Math.min(nodes.size(), MOST_NODES));
        HubPath start = new HubPath(request, nodes, List.of(fleet.leader()));
        List<HubPath> longest = new ArrayList<>(List.of(start));
        HubPath best = start;
        for (int hubs = 2; hubs <= Math.min(mostHubs, seen.size()); hubs++) {
            List<HubPath> longer =
                    longest.stream().flatMap(path -> path.extensions(seen)).toList();
            HubPath found = longer.stream()
                    .max(Comparator.comparingDouble(HubPath::score))
                    .orElseThrow();
            best = hubs == 2 || found.score() > best.score() ? found : best;
            longest = longer;
        }
        return best;
    }

    /** The hub from a place of the path on whose team has the most to offer; the first of equal ones. */
    int bestHub(int from, int mostNeighbours) {
        int best = from;
        for (int hub = from + 1; hub < hubs.size(); hub++) {
            best = offer(hub, mostNeighbours) > offer(best, mostNeighbours) ? hub : best;
        }
        return best;
    }

    /** A hub and its best neighbours, in the order of their names. */
    List<CoreGroup> team(int hub, int mostNeighbours) {
        CoreGroup center = hubs.get(hub);
        Stream<CoreGroup> neighbours = fleet.stream()
                .filter(group -> !group.equals(center))
                .sorted(Comparator.comparingDouble((CoreGroup group) -> -hop(center, group))
                        .thenComparing(CoreGroup::id))
                .limit(mostNeighbours);
        return Stream.concat(Stream.of(center), neighbours)
                .sorted(Comparator.comparing(CoreGroup::id))
                .toList();
    }

    private double offer(int hub, int mostNeighbours) {
        CoreGroup center = hubs.get(hub);
        return rate(center)
                + team(hub, mostNeighbours).stream()
                        .filter(group -> !group.equals(center))
                        .mapToDouble(group -> hop(center, group))
                        .sum();
    }

    private Stream<HubPath> extensions(List<CoreGroup> nodes) {
        return nodes.stream().filter(node -> !hubs.contains(node)).map(node -> {
            List<CoreGroup> longer = new ArrayList<>(hubs);
            longer.add(node);
            return new HubPath(request, fleet, longer);
        });
    }

    /** Per hop. */
    private double score() {
        double sum = 0;
        for (int hop = 1; hop < hubs.size(); hop++) {
            sum += hop(hubs.get(hop - 1), hubs.get(hop));
        }
        return sum / Math.max(1, hubs.size() - 1);
    }

    private double hop(CoreGroup from, CoreGroup to) {
        double mbit = request.topology()
                        .link(from.id().node(), to.id().node())
                        .map(Link::bandwidthBytesPerSecond)
                        .orElse(0.0)
                / BYTES_PER_SECOND_OF_ONE_MBIT;
        return Math.min(mbit, MOST_MBIT) / MBIT_PER_RATE + rate(to);
    }

    private double rate(CoreGroup group) {
        double fastest = fleet.stream()
                .mapToDouble(CoreGroup::multiplyAddsPerSecond)
                .max()
                .orElseThrow();
        return FASTEST_RATE * group.multiplyAddsPerSecond() / fastest;
    }
}
