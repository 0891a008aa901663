package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.baseline.PipeEdgeSearch.Step;
import dev.tandem.core.topology.CoreGroup;
import java.util.List;
import java.util.Optional;

/**
 * The pipeline of the least bottleneck over unlike machines, by dynamic programming over layers, how many machines of
 * each kind are used, and the kind of the last one.
 *
 * <p>PipeEdge (Hu et al., DSD 2022), and the throughput variant of EdgeShard (arXiv 2405.14371), which is the same
 * programme without kinds. Certain, from the code: the recurrence h(layer, used machines, next kind), the maximum of
 * compute and communication, a stage's memory within its machine's. Differences, all to its favour or of no matter: costs
 * and memory are this cost model's; what enters and leaves at the gateway counts; machines are of one kind only when
 * their links are alike, too, which the released code takes for granted; and there may be fewer stages than machines. It
 * looks at the throughput only, whatever the objective. Where the kinds make more than {@value PipeEdgeSearch#MOST_STATES}
 * combinations the slowest nodes are left out.
 */
final class PipeEdge implements Planner {

    private static final String NAME = "pipeedge";

    @Override
    public PlanResult plan(PlanRequest request) {
        List<CoreGroup> processors =
                request.topology().nodes().stream().map(Fleet::defaultProcessor).toList();
        List<MachineKind> kinds = MachineKind.of(request, processors, PipeEdgeSearch.MOST_STATES);
        if (kinds.isEmpty()) {
            return new Refused(NAME + ": the topology has no nodes");
        }
        CutCosts positions = new CutCosts(request);
        Optional<List<Step>> steps = new PipeEdgeSearch(request, positions, kinds, Objective.THROUGHPUT).steps();
        if (steps.isEmpty()) {
            return new Refused(NAME + ": no pipeline over at most " + request.maxNodes()
                    + " nodes fits in their memory and has its links");
        }
        StageChain chain = new StageChain(request.graph());
        MachineKind.places(kinds, steps.get())
                .forEach((step, place) -> chain.whole(positions.segment(step.from(), step.to()), place));
        return Fitting.asItIs(request, NAME, Draft.plan(request, NAME, chain.stages()));
    }
}
