package dev.tandem.core.planner.hybrid;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.region.Divisibility;
import dev.tandem.core.region.NotDivisibleException;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes every plan of the plan space that {@link HybridPlanner} states, one after the other, in the plainest way. */
final class AllPlans {

    private final PlanRequest request;
    private final ModelGraph graph;
    private final HybridLimits limits;
    private final Consumer<Plan> consumer;
    private final List<Integer> ends;
    private final List<List<Share>> seats = new ArrayList<>();
    private final Map<Segment, List<Stage>> stages = new HashMap<>();
    private long made;

    private record Share(CoreGroup group, double share) {}

    private AllPlans(PlanRequest request, HybridLimits limits, Consumer<Plan> consumer) {
        this.request = request;
        this.graph = request.graph();
        this.limits = limits;
        this.consumer = consumer;
        this.ends = Stream.concat(
                        graph.allowedCuts().stream().map(cut -> cut.position()),
                        Stream.of(graph.layers().size()))
                .toList();
        request.topology().coreGroups().forEach(group -> seats.add(List.of(new Share(group, limits.parts()))));
        chooseSeats(new ArrayList<>(), request.topology().coreGroups(), 0);
    }

    /** Gives each plan that fits into memory to the consumer; the number of plans looked at. */
    static long forEach(PlanRequest request, HybridLimits limits, Consumer<Plan> consumer) {
        AllPlans all = new AllPlans(request, limits, consumer);
        all.complete(new ArrayList<>(), 0);
        return all.made;
    }

    private void chooseSeats(List<Share> chosen, List<CoreGroup> left, int used) {
        if (chosen.size() > 1 && used == limits.parts()) {
            seats.add(List.copyOf(chosen));
        }
        if (chosen.size() == limits.mostShards()) {
            return;
        }
        for (int next = 0; next < left.size(); next++) {
            for (int share = 1; share < limits.parts() && used + share <= limits.parts(); share++) {
                List<Share> more = new ArrayList<>(chosen);
                more.add(new Share(left.get(next), share));
                chooseSeats(more, left.subList(next + 1, left.size()), used + share);
            }
        }
    }

    private void complete(List<Stage> before, int from) {
        if (from == graph.layers().size()) {
            offer(before);
            return;
        }
        for (int to : ends) {
            boolean isLast = to == graph.layers().size();
            if (to > from && (isLast ? before.size() < limits.mostStages() : before.size() + 1 < limits.mostStages())) {
                Segment segment = new Segment(from, to);
                for (Stage stage : stages.computeIfAbsent(segment, this::stages)) {
                    List<Stage> longer = new ArrayList<>(before);
                    longer.add(stage);
                    complete(longer, to);
                }
            }
        }
    }

    private List<Stage> stages(Segment segment) {
        return seats.stream().flatMap(seat -> stage(segment, seat).stream()).toList();
    }

    private List<Stage> stage(Segment segment, List<Share> seat) {
        if (seat.size() == 1) {
            return List.of(Draft.undivided(graph, segment, seat.get(0).group().id()));
        }
        try {
            List<ShardRegions> regions = Divisibility.divide(
                    graph, segment, seat.stream().map(Share::share).toList());
            return List.of(new Stage(
                    segment,
                    IntStream.range(0, seat.size())
                            .mapToObj(shard -> new Shard(
                                    seat.get(shard).group().id(),
                                    regions.get(shard).inputs(),
                                    regions.get(shard).outputs()))
                            .toList()));
        } catch (NotDivisibleException indivisible) {
            return List.of();
        }
    }

    private void offer(List<Stage> chain) {
        if (runsAreApart(chain) && nothingPassesBy(chain)) {
            made++;
            Plan plan = Draft.plan(request, "any", chain);
            if (Double.isFinite(plan.predicted().latencySeconds())
                    && Draft.lacking(request, plan).isEmpty()) {
                consumer.accept(plan);
            }
        }
    }

    /** Whether the stages fall into runs of few nodes each, no node in two of them. */
    private boolean runsAreApart(List<Stage> chain) {
        int start = 0;
        while (start < chain.size()) {
            Set<String> nodes = nodes(chain.get(start));
            int end = start + 1;
            for (int stage = end; stage < chain.size(); stage++) {
                if (nodes(chain.get(stage)).stream().anyMatch(nodes::contains)) {
                    for (; end <= stage; end++) {
                        nodes.addAll(nodes(chain.get(end)));
                    }
                }
            }
            if (nodes.size() > limits.mostShards()) {
                return false;
            }
            start = end;
        }
        return chain.stream().flatMap(stage -> nodes(stage).stream()).distinct().count() <= request.maxNodes();
    }

    private static Set<String> nodes(Stage stage) {
        return stage.shards().stream()
                .map(shard -> shard.place().node())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private boolean nothingPassesBy(List<Stage> chain) {
        Set<String> before = names(graph.inputs().stream());
        for (int stage = 0; stage < chain.size(); stage++) {
            Segment segment = chain.get(stage).segment();
            Set<String> written = names(graph.outputs(segment).stream());
            boolean last = stage == chain.size() - 1;
            if (!last) {
                Set<String> crossing = names(graph.cuts().get(segment.to() - 1).crossing().stream());
                if (crossing.stream().anyMatch(before::contains)
                        || written.stream().anyMatch(graph::isModelOutput)) {
                    return false;
                }
                before = crossing;
            }
        }
        return true;
    }

    private static Set<String> names(Stream<TensorSpec> tensors) {
        return tensors.map(TensorSpec::name).collect(Collectors.toSet());
    }
}
