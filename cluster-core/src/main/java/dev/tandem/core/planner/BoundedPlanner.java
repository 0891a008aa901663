package dev.tandem.core.planner;

import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keeps another planner's plans within constraints. Where the best plan breaks one, the best is taken of those that do not
 * among: for each bound the plan that is best at what it bounds and, when the scheme is left open, the best plans of fewer
 * nodes. A better one within the constraints may exist, and under several bounds one may exist where none is found; under
 * a single bound none is refused that the best at it would allow.
 */
public final class BoundedPlanner implements Planner {

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
        List<Planned> tried = new ArrayList<>(extremes.values());
        int most = request.scheme() == Scheme.AUTO ? request.maxNodes() : 1;
        for (int nodes = most - 1; nodes >= 1; nodes--) {
            addPlanned(tried, planner.plan(request.with(request.objective(), nodes)));
        }
        return tried.stream()
                .filter(planned -> constraints.areKeptBy(planned.plan()))
                .min(Comparator.comparingDouble(
                        planned -> request.objective().value(planned.plan().predicted())))
                .<PlanResult>map(planned -> planned)
                .orElseGet(() -> new Refused(reason(best, extremes)));
    }

    /** The plans that are best at what is bounded. */
    private Map<Bound, Planned> extremes(PlanRequest request) {
        Map<Bound, Planned> extremes = new LinkedHashMap<>();
        for (Bound bound : constraints.bounds()) {
            if (planner.plan(request.with(bound.aim(), request.maxNodes())) instanceof Planned planned) {
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
        String beyondReach = extremes.entrySet().stream()
                .filter(extreme ->
                        !extreme.getKey().isKeptBy(extreme.getValue().plan().predicted()))
                .map(extreme -> extreme.getKey().excess(best.plan().predicted()) + "; "
                        + extreme.getKey().extreme(extreme.getValue().plan().predicted()))
                .collect(Collectors.joining(". "));
        return beyondReach.isEmpty() ? conflict(extremes) : beyondReach;
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
