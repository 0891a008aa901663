package dev.tandem.core.planner.baseline;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.CutCosts;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A pipeline at random: from the first layer on, any cut up to which the next of the shuffled nodes has the memory.
 *
 * <p>The random baseline of Parthasarathy and Krishnamachari (ITNAC 2022, arXiv 2210.12219). Certain, from their code: a
 * random cut in each window that memory allows, then a random sample of the nodes. Reconstructed: memory is each node's
 * own, a window is that of the node that was drawn, and a draw that runs out of nodes is repeated. A seed makes it the
 * same every time.
 */
final class RandomSplit implements Planner {

    private static final String NAME = "random";

    /** More draws than a split needs that is not all but impossible. */
    private static final int MOST_DRAWS = 200;

    private final long seed;

    RandomSplit(long seed) {
        this.seed = seed;
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        CutCosts positions = new CutCosts(request);
        List<CoreGroup> groups =
                request.topology().nodes().stream().map(Fleet::defaultProcessor).toList();
        Random random = new Random(seed);
        for (int draw = 0; draw < MOST_DRAWS; draw++) {
            Optional<Plan> plan = draw(request, positions, new ArrayList<>(groups), random)
                    .filter(drawn -> Double.isFinite(drawn.predicted().latencySeconds()));
            if (plan.isPresent()) {
                return Draft.planned(plan.get(), NAME);
            }
        }
        return new Refused(NAME + ": none of " + MOST_DRAWS + " random pipelines fits in memory and has its links");
    }

    private static Optional<Plan> draw(PlanRequest request, CutCosts positions, List<CoreGroup> groups, Random random) {
        Collections.shuffle(groups, random);
        StageChain chain = new StageChain(request.graph());
        int from = 0;
        for (CoreGroup group : groups.subList(0, Math.min(groups.size(), request.maxNodes()))) {
            int begin = from;
            long memory =
                    request.topology().node(group.id().node()).orElseThrow().memoryBytes();
            int[] window = IntStream.rangeClosed(begin + 1, positions.end())
                    .filter(to -> positions.memoryBytes(begin, to) <= memory)
                    .toArray();
            if (window.length == 0) {
                return Optional.empty();
            }
            from = window[random.nextInt(window.length)];
            chain.whole(positions.segment(begin, from), group);
            if (from == positions.end()) {
                return Optional.of(Draft.plan(request, NAME, chain.stages()));
            }
        }
        return Optional.empty();
    }
}
