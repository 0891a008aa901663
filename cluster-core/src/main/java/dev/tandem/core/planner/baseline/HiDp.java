package dev.tandem.core.planner.baseline;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.Blocks.Block;
import dev.tandem.core.planner.baseline.PipeEdgeSearch.Step;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Divided twice: over the nodes, each seen as all of its core groups together, by layers or by rows; then inside each node
 * along rows over its core groups.
 *
 * <p>HiDP (Taufique et al., DATE 2025, arXiv 2411.16086), known from its abstract only. Certain: a global partition over
 * nodes and a local one over the cores of each. From memory: dynamic programming at both levels, which chooses between
 * model and data partitioning. Reconstructed: globally the pipeline of the least bottleneck (or sum, for latency) with
 * nodes of the summed rate of their core groups ({@link PipeEdge}'s programme), and fused blocks divided over the core
 * groups of the leader's and any number of further nodes ({@link Aofl}'s programme); locally that programme over one
 * node's core groups. The shared scorer chooses between them for the request's objective.
 */
final class HiDp implements Planner {

    private static final String NAME = "hidp";

    private static final int MOST_BLOCKS = 24;

    @Override
    public PlanResult plan(PlanRequest request) {
        CutCosts positions = new CutCosts(request);
        List<Block> blocks = Blocks.atMost(MOST_BLOCKS, Blocks.kernels(request.graph()), request.cost());
        return Fitting.plan(request, NAME, fleet -> best(request, positions, blocks, fleet));
    }

    private static Plan best(PlanRequest request, CutCosts positions, List<Block> blocks, Fleet fleet) {
        List<CoreGroup> order = fleet.leaderFirst();
        List<Plan> plans = new ArrayList<>();
        for (int nodes = 1; nodes <= order.size(); nodes++) {
            plans.add(rows(request, blocks, order.subList(0, nodes), fleet.leader()));
        }
        pipeline(request, positions, fleet).ifPresent(plans::add);
        return plans.stream()
                .min(Comparator.comparing(
                                (Plan plan) -> Draft.lacking(request, plan).isPresent())
                        .thenComparingDouble(plan -> request.objective().value(plan.predicted())))
                .orElseThrow();
    }

    private static Plan rows(PlanRequest request, List<Block> blocks, List<CoreGroup> nodes, CoreGroup leader) {
        List<CoreGroup> groups = nodes.stream()
                .flatMap(group -> node(request, group.id()).coreGroups().stream())
                .toList();
        return Draft.plan(request, NAME, new FusedBlocks(request, blocks, Share.byRate(groups), leader).stages());
    }

    private static Optional<Plan> pipeline(PlanRequest request, CutCosts positions, Fleet fleet) {
        List<CoreGroup> together = fleet.processors().stream()
                .map(processor -> together(node(request, processor.id()), processor))
                .toList();
        List<MachineKind> kinds = MachineKind.of(request, together, PipeEdgeSearch.MOST_STATES);
        Optional<List<Step>> steps = new PipeEdgeSearch(request, positions, kinds, request.objective()).steps();
        return steps.map(chain -> {
            List<Stage> stages = new ArrayList<>();
            MachineKind.places(kinds, chain)
                    .forEach((step, place) ->
                            stages.addAll(local(request, positions.segment(step.from(), step.to()), place.id())));
            return Draft.plan(request, NAME, stages);
        });
    }

    /** A stage of the pipeline over the core groups of its node. */
    private static List<Stage> local(PlanRequest request, Segment segment, CoreGroupId place) {
        Node node = node(request, place);
        List<Block> blocks = Blocks.atMost(MOST_BLOCKS, kernels(request.graph(), segment), request.cost());
        return new FusedBlocks(request, blocks, Share.byRate(node.coreGroups()), Fleet.defaultProcessor(node)).stages();
    }

    private static List<Block> kernels(ModelGraph graph, Segment segment) {
        return Blocks.kernels(
                graph,
                Blocks.atoms(graph).stream()
                        .filter(atom -> segment.from() <= atom.segment().from()
                                && atom.segment().to() <= segment.to())
                        .toList());
    }

    /** A node's default processor at the rate of all of its core groups. */
    private static CoreGroup together(Node node, CoreGroup processor) {
        double rate = node.coreGroups().stream()
                .mapToDouble(CoreGroup::multiplyAddsPerSecond)
                .sum();
        return new CoreGroup(processor.id(), processor.kind(), processor.cpus(), processor.threads(), rate);
    }

    private static Node node(PlanRequest request, CoreGroupId place) {
        return request.topology().node(place.node()).orElseThrow();
    }
}
