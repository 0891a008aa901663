package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.graph.Cut;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tries every chain of stages over distinct nodes, and costs it in the plainest way. */
final class ChainBruteForce {

    private final PlanRequest request;
    private final CostModel cost;
    private final int stages;
    private final List<Cut> cuts;
    private final boolean runnable;
    private double best = Double.POSITIVE_INFINITY;

    private ChainBruteForce(PlanRequest request, boolean runnable) {
        this.runnable = runnable;
        this.request = request;
        this.cost = request.cost();
        this.stages = request.maxNodes();
        this.cuts = request.graph().allowedCuts();
    }

    /** The cost of the best chain of exactly the request's nodes; infinite when none fits. */
    static double best(PlanRequest request) {
        return best(request, false);
    }

    /** The same of those chains whose plans have all the links that they need. */
    static double bestRunnable(PlanRequest request) {
        return best(request, true);
    }

    private static double best(PlanRequest request, boolean runnable) {
        ChainBruteForce search = new ChainBruteForce(request, runnable);
        search.tryAll(new ArrayList<>(), new ArrayList<>(), new HashSet<>(), 0);
        return search.best;
    }

    /** The cost of the chain that a plan of one lane is. */
    static double cost(PlanRequest request, Plan plan) {
        List<Stage> stages = plan.lanes().get(0).stages();
        return new ChainBruteForce(request, false)
                .cost(
                        stages.stream().map(Stage::segment).toList(),
                        stages.stream()
                                .map(stage -> request.topology()
                                        .coreGroup(stage.shards().get(0).place())
                                        .orElseThrow())
                                .toList());
    }

    private void tryAll(List<Segment> segments, List<CoreGroup> groups, Set<String> used, int from) {
        int end = request.graph().layers().size();
        for (Node node : request.topology().nodes()) {
            if (used.add(node.id())) {
                groups.add(Draft.fastest(node));
                if (segments.size() + 1 == stages) {
                    segments.add(new Segment(from, end));
                    best = runnable && !runs(segments, groups) ? best : Math.min(best, cost(segments, groups));
                    segments.remove(segments.size() - 1);
                } else {
                    for (Cut cut : cuts) {
                        if (cut.position() > from) {
                            segments.add(new Segment(from, cut.position()));
                            tryAll(segments, groups, used, cut.position());
                            segments.remove(segments.size() - 1);
                        }
                    }
                }
                groups.remove(groups.size() - 1);
                used.remove(node.id());
            }
        }
    }

    private double cost(List<Segment> segments, List<CoreGroup> groups) {
        String gateway = request.gatewayNode();
        List<String> path = new ArrayList<>(List.of(gateway));
        groups.forEach(group -> path.add(group.id().node()));
        path.add(gateway);
        long[] bytes = new long[segments.size() + 1];
        bytes[0] = bytes(request.graph().inputs());
        bytes[segments.size()] = bytes(request.graph().outputs());
        double latency = 0;
        double busiest = 0;
        for (int stage = 0; stage < segments.size(); stage++) {
            Segment segment = segments.get(stage);
            long memory =
                    request.topology().node(path.get(stage + 1)).orElseThrow().memoryBytes();
            if (cost.memoryBytes(segment) > memory) {
                return Double.POSITIVE_INFINITY;
            }
            if (stage > 0) {
                bytes[stage] = cuts.stream()
                        .filter(cut -> cut.position() == segment.from())
                        .mapToLong(Cut::bytes)
                        .sum();
            }
            if (!reachesGateway(segment, path.get(stage + 1))) {
                return Double.POSITIVE_INFINITY;
            }
            double seconds = cost.computeSeconds(groups.get(stage), segment);
            latency += seconds;
            busiest = Math.max(busiest, seconds);
        }
        for (int hop = 0; hop < bytes.length; hop++) {
            latency += cost.transferSeconds(path.get(hop), path.get(hop + 1), bytes[hop]);
            busiest = Math.max(busiest, cost.linkSeconds(path.get(hop), path.get(hop + 1), bytes[hop]));
        }
        for (String node : path) {
            busiest = Math.max(busiest, Math.max(sending(node, path, bytes), receiving(node, path, bytes)));
        }
        return request.objective() == Objective.LATENCY ? latency : busiest;
    }

    private boolean runs(List<Segment> segments, List<CoreGroup> groups) {
        List<Stage> chain = new ArrayList<>();
        for (int stage = 0; stage < segments.size(); stage++) {
            chain.add(Draft.undivided(
                    request.graph(), segments.get(stage), groups.get(stage).id()));
        }
        return Double.isFinite(
                Draft.plan(request, "pipeline", chain).predicted().latencySeconds());
    }

    private boolean reachesGateway(Segment segment, String node) {
        boolean reads = request.graph().inputs(segment).stream()
                .anyMatch(input -> request.graph().isModelInput(input.name()));
        boolean writes = request.graph().outputs(segment).stream()
                .anyMatch(output -> request.graph().isModelOutput(output.name()));
        return (!reads || Double.isFinite(cost.transferSeconds(request.gatewayNode(), node, 0)))
                && (!writes || Double.isFinite(cost.transferSeconds(node, request.gatewayNode(), 0)));
    }

    private double sending(String node, List<String> path, long[] bytes) {
        long[] sent = bytes.clone();
        for (int hop = 0; hop < bytes.length; hop++) {
            boolean leaves = path.get(hop).equals(node) && !path.get(hop + 1).equals(node);
            sent[hop] = leaves ? bytes[hop] : 0;
        }
        return cost.sendSeconds(node, Arrays.stream(sent).sum());
    }

    private double receiving(String node, List<String> path, long[] bytes) {
        long[] received = bytes.clone();
        for (int hop = 0; hop < bytes.length; hop++) {
            boolean arrives = path.get(hop + 1).equals(node) && !path.get(hop).equals(node);
            received[hop] = arrives ? bytes[hop] : 0;
        }
        return cost.receiveSeconds(node, Arrays.stream(received).sum());
    }

    private static long bytes(List<TensorSpec> tensors) {
        return tensors.stream().mapToLong(TensorSpec::bytes).sum();
    }
}
