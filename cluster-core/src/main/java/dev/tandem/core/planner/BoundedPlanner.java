package dev.tandem.core.planner;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps another planner's plans within bounds. Where the best plan exceeds the bound on latency, the best is taken of those
 * that do not among: the plan with the least latency and, when the scheme is left open, the best plans of fewer nodes. A
 * better one within the bound may exist; none is refused that the least latency would allow.
 */
public final class BoundedPlanner implements Planner {

    private final Planner planner;
    private final PlanBounds bounds;

    public BoundedPlanner(Planner planner, PlanBounds bounds) {
        this.planner = planner;
        this.bounds = bounds;
    }

    @Override
    public PlanResult plan(PlanRequest request) {
        boolean isOpen = request.scheme() == Scheme.AUTO;
        if (request.scheme() == Scheme.PIPELINE && request.maxNodes() > bounds.maxNodes()) {
            return new Refused(PipelinePlanner.name(request.maxNodes()) + " exceeds the " + bounds.maxNodes()
                    + " nodes that a plan may use. Maybe allow more.");
        }
        int most = isOpen ? Math.min(request.maxNodes(), bounds.maxNodes()) : request.maxNodes();
        PlanResult best = planner.plan(request.with(request.scheme(), most, request.shards()));
        if (!(best instanceof Planned planned)) {
            return best;
        }
        Optional<String> excess = excess(planned.plan());
        return excess.isEmpty()
                ? best
                : others(request, isOpen ? most : 1).stream()
                        .min(Comparator.comparingDouble(other ->
                                request.objective().seconds(other.plan().predicted())))
                        .<PlanResult>map(other -> other)
                        .orElseGet(() -> new Refused(excess.get() + least(request, most, planned)));
    }

    /** Plans within the bounds that are not the best. */
    private List<Planned> others(PlanRequest request, int most) {
        List<PlanResult> tried = new ArrayList<>();
        tried.add(quickest(request, request.scheme() == Scheme.AUTO ? most : request.maxNodes()));
        for (int nodes = most - 1; nodes >= 1; nodes--) {
            tried.add(planner.plan(request.with(request.scheme(), nodes, request.shards())));
        }
        return tried.stream()
                .filter(Planned.class::isInstance)
                .map(Planned.class::cast)
                .filter(planned -> excess(planned.plan()).isEmpty())
                .toList();
    }

    private PlanResult quickest(PlanRequest request, int most) {
        return planner.plan(request.with(Objective.LATENCY, most));
    }

    /** What could be had, where it is the time that is too long. */
    private String least(PlanRequest request, int most, Planned best) {
        boolean isTooSlow = best.plan().predicted().latencySeconds() > bounds.maxLatencySeconds();
        return isTooSlow && quickest(request, most) instanceof Planned quickest
                ? "; the least is " + millis(quickest.plan().predicted().latencySeconds())
                : "";
    }

    private Optional<String> excess(Plan plan) {
        long nodes = plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .count();
        double latency = plan.predicted().latencySeconds();
        if (nodes > bounds.maxNodes()) {
            return Optional.of("the plan uses " + nodes + " nodes, more than the " + bounds.maxNodes()
                    + " that it may use. Maybe allow more.");
        }
        return latency > bounds.maxLatencySeconds()
                ? Optional.of("one request would take " + millis(latency) + ", longer than the "
                        + millis(bounds.maxLatencySeconds()) + " that it may take")
                : Optional.empty();
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.3f ms", seconds * 1e3);
    }
}
