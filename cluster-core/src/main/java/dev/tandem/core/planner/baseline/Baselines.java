package dev.tandem.core.planner.baseline;

import dev.tandem.core.planner.Planner;
import dev.tandem.core.topology.Topology;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All baselines by name. Each makes ordinary plans, deterministically, whatever scheme and number of shards a request
 * names, with at most its number of nodes.
 */
public final class Baselines {

    private static final String HIDP = "hidp";
    private static final String OMNIBOOST = "omniboost";
    private static final long SEED = 1;

    /** Quick to make; Tandem's plan is never worse than any of these. */
    private static final Set<String> CHEAP = Set.of(
            "even-rows",
            "even-pipeline",
            "proportional-rows",
            "proportional-pipeline",
            "greedy",
            "neurosurgeon",
            "bodp",
            "asp-dac-24");

    /** Those that never win against what Tandem tries itself. */
    private static final Set<String> NOT_WORTH_TRYING = Set.of("single-node", "random", "pipeedge");

    private Baselines() {}

    /** Those that take next to no time, to be tried always. */
    public static Map<String, Planner> cheap() {
        Map<String, Planner> cheap = new LinkedHashMap<>(all());
        cheap.keySet().retainAll(CHEAP);
        return Collections.unmodifiableMap(cheap);
    }

    /**
     * Those that take longer and may find what Tandem's own planners miss; HiDP only where a node has several core groups,
     * over which it divides as well.
     */
    public static Map<String, Planner> costly(Topology topology) {
        Map<String, Planner> costly = new LinkedHashMap<>(all());
        costly.keySet().removeAll(CHEAP);
        costly.keySet().removeAll(NOT_WORTH_TRYING);
        if (topology.nodes().stream().allMatch(node -> node.coreGroups().size() == 1)) {
            costly.remove(HIDP);
        }
        return Collections.unmodifiableMap(costly);
    }

    /** Whether a scheme divides over the core groups of a node as well; the others have one of each node. */
    public static boolean usesAllCoreGroups(String name) {
        return name.equals(HIDP) || name.equals(OMNIBOOST);
    }

    /** Every baseline, the simple ones first, then by year. */
    public static Map<String, Planner> all() {
        Map<String, Planner> planners = new LinkedHashMap<>();
        planners.put("single-node", new SingleNode());
        planners.put("even-rows", ShareRows.even());
        planners.put("even-pipeline", SharePipeline.even());
        planners.put("proportional-rows", ShareRows.proportional());
        planners.put("proportional-pipeline", SharePipeline.proportional());
        planners.put("random", new RandomSplit(SEED));
        planners.put("greedy", new GreedySplit());
        planners.put("neurosurgeon", new Neurosurgeon());
        planners.put("pipeedge", new PipeEdge());
        planners.put("modnn", new Modnn());
        planners.put("aofl", new Aofl());
        planners.put("bodp", EdgeDi.bodp());
        planners.put("coedge", new CoEdge());
        planners.put("edgedi", EdgeDi.ocbp());
        planners.put("disnet", new DisNet());
        planners.put(OMNIBOOST, new OmniBoost(SEED));
        planners.put("asp-dac-24", new DataParallel());
        planners.put(HIDP, new HiDp());
        return Collections.unmodifiableMap(planners);
    }
}
