package dev.tandem.core.planner.explain;

import dev.tandem.core.planner.Alternative;
import dev.tandem.core.planner.Draft;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.baseline.Baselines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Collects divisions of every scheme for one request: those that were tried, and those that were not. */
final class TriedSchemes {

    private final Planner planner;
    private final PlanRequest request;

    TriedSchemes(Planner planner, PlanRequest request) {
        this.planner = planner;
        this.request = request;
    }

    List<Alternative> alternatives(Planned planned) {
        List<Alternative> tried = new ArrayList<>(planned.considered());
        if (request.scheme() != Scheme.AUTO
                && planAnew(Scheme.AUTO, request.maxNodes(), request.shards()) instanceof Planned found) {
            found.considered().stream()
                    .filter(alternative -> !tried.contains(alternative))
                    .forEach(tried::add);
        }
        Stream.of(Scheme.SINGLE, Scheme.PIPELINE, Scheme.ROWS, Scheme.HYBRID, Scheme.LANES)
                .filter(scheme ->
                        tried.stream().noneMatch(each -> Outcomes.scheme(each).equals(word(scheme))))
                .forEach(scheme -> tried.add(alone(scheme)));
        bestPublished().ifPresent(tried::add);
        return tried;
    }

    /** Each within a budget as large as the request's, which may be spent. */
    private PlanResult planAnew(Scheme scheme, int nodes, int shards) {
        return planner.plan(request.with(scheme, nodes, shards)
                .with(Halo.CHOSEN)
                .within(request.budget().renewed()));
    }

    /** A scheme for itself; what divides needs two parts at least. */
    private Alternative alone(Scheme scheme) {
        int nodes = scheme == Scheme.PIPELINE ? Math.max(2, request.maxNodes()) : request.maxNodes();
        PlanResult result = planAnew(scheme, nodes, Math.max(2, request.shards()));
        return result instanceof Planned planned
                ? planned.considered().get(0)
                : new Alternative(word(scheme), Optional.empty(), ((Refused) result).reason());
    }

    private Optional<Alternative> bestPublished() {
        return Stream.of(Baselines.cheap(), Baselines.costly(request.topology()))
                .flatMap(planners -> planners.entrySet().stream())
                .flatMap(baseline -> baseline.getValue().plan(request) instanceof Planned planned
                        ? Stream.of(new Alternative(
                                baseline.getKey(),
                                Optional.of(planned.plan().predicted()),
                                Draft.places(planned.plan())))
                        : Stream.empty())
                .min(Comparator.comparingDouble(alternative ->
                        request.objective().value(alternative.predicted().orElseThrow())));
    }

    private static String word(Scheme scheme) {
        return scheme.name().toLowerCase(Locale.ROOT);
    }
}
