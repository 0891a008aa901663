package dev.tandem.core.planner;

import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps another planner's plans within constraints. Where the best plan breaks one, the best is taken of those that do not
 * among: for each bound the plan that is best at what it bounds and, when the scheme is left open, the best plans of fewer
 * nodes. A better one within the constraints may exist, and under several bounds one may exist where none is found; under
 * a single bound none is refused that the best at it would allow. Each of these plans is looked for within a budget as
 * large as the request's.
 */
public final class BoundedPlanner implements Planner {

    /** Up to so many nodes every number of nodes is tried, and from there on halves of it. */
    private static final int FEW_NODES = 8;

    private final Planner planner;
    private final Constraints constraints;

    public BoundedPlanner(Planner planner, Constraints constraints) {
        this.planner = planner;
        this.constraints = constraints;
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        Optional<String> refusal = refusal(request);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        boolean isOpen = request.scheme() == Scheme.AUTO;
        int most = isOpen ? Math.min(request.maxNodes(), constraints.maxNodes()) : request.maxNodes();
        PlanRequest allowed = request.with(request.objective(), most);
        PlanResult best = planner.plan(allowed);
        return best instanceof Planned planned && !constraints.areKeptBy(planned.plan())
                ? another(allowed, planned)
                : best;
    }

    private Optional<String> refusal(PlanRequest request) {
        if (request.scheme() == Scheme.PIPELINE && request.maxNodes() > constraints.maxNodes()) {
            return Optional.of(PipelinePlanner.name(request.maxNodes()) + " exceeds the " + constraints.maxNodes()
                    + " nodes that a plan may use. Maybe allow more.");
        }
        return constraints.refusal(request.topology());
    }

    /** The best within the constraints of some that are not the best. */
    private PlanResult another(PlanRequest request, Planned best) {
        Map<Bound, Planned> extremes = extremes(request);
        String beyondReach = beyondReach(best, extremes);
        if (!beyondReach.isEmpty()) {
            return new Refused(beyondReach);
        }
        List<Planned> tried = new ArrayList<>(extremes.values());
        int most = request.scheme() == Scheme.AUTO ? request.maxNodes() : 1;
        for (int nodes = fewer(most); nodes >= 1; nodes = fewer(nodes)) {
            addPlanned(tried, planAnew(request.with(request.objective(), nodes)));
        }
        return tried.stream()
                .filter(planned -> constraints.areKeptBy(planned.plan()))
                .min(Comparator.comparingDouble(
                        planned -> request.objective().value(planned.plan().predicted())))
                .<PlanResult>map(planned -> instead(best, planned))
                .orElseGet(() -> new Refused(reason(best, extremes)));
    }

    private static int fewer(int nodes) {
        return nodes <= FEW_NODES ? nodes - 1 : nodes / 2;
    }

    private PlanResult planAnew(PlanRequest request) {
        return planner.plan(request.within(request.budget().renewed()));
    }

    /** A plan that was made for another aim or fewer nodes, as an answer to what was asked. */
    private Planned instead(Planned best, Planned chosen) {
        Set<Alternative> considered = new LinkedHashSet<>(best.considered());
        considered.addAll(chosen.considered());
        String broken = constraints.excess(best.plan()).orElseThrow();
        return new Planned(
                chosen.plan(),
                List.copyOf(considered),
                "the best found within the bounds; of what would be better without them, " + broken,
                best.lowerBound());
    }

    /** The plans that are best at what is bounded. */
    private Map<Bound, Planned> extremes(PlanRequest request) {
        Map<Bound, Planned> extremes = new LinkedHashMap<>();
        for (Bound bound : constraints.bounds()) {
            if (planAnew(request.with(bound.aim(), request.maxNodes())) instanceof Planned planned) {
                extremes.put(bound, planned);
            }
        }
        return extremes;
    }

    private static void addPlanned(List<Planned> tried, PlanResult result) {
        if (result instanceof Planned planned) {
            tried.add(planned);
        }
    }

    private String reason(Planned best, Map<Bound, Planned> extremes) {
        long nodes = Constraints.nodes(best.plan());
        if (nodes > constraints.maxNodes()) {
            return "the plan uses " + nodes + " nodes, more than the " + constraints.maxNodes()
                    + " that it may use. Maybe allow more.";
        }
        return conflict(extremes);
    }

    /** Which bounds not even the plan that is best at what they bound keeps; empty where there are none. */
    private static String beyondReach(Planned best, Map<Bound, Planned> extremes) {
        return extremes.entrySet().stream()
                .filter(extreme ->
                        !extreme.getKey().isKeptBy(extreme.getValue().plan().predicted()))
                .map(extreme -> extreme.getKey().excess(best.plan().predicted()) + "; "
                        + extreme.getKey().extreme(extreme.getValue().plan().predicted()))
                .collect(Collectors.joining(". "));
    }

    private static String conflict(Map<Bound, Planned> extremes) {
        return extremes.entrySet().stream()
                .map(extreme -> extreme.getKey().words(extreme.getValue().plan().predicted()))
                .collect(Collectors.joining(
                        ", ",
                        "each bound can be kept, but no plan that was looked at keeps all: ",
                        ". Maybe loosen one of them."));
    }
}
