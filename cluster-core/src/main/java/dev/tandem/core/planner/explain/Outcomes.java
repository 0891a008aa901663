package dev.tandem.core.planner.explain;

import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Alternative;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.baseline.Baselines;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds the best division of every scheme, and says why it was not the best of all. */
final class Outcomes {

    private final PlanRequest request;
    private final Constraints constraints;
    private final List<Alternative> tried;
    private final PlanScore chosen;

    /** @param tried the chosen one included */
    Outcomes(PlanRequest request, Constraints constraints, List<Alternative> tried, PlanScore chosen) {
        this.request = request;
        this.constraints = constraints;
        this.tried = tried;
        this.chosen = chosen;
    }

    List<SchemeOutcome> best() {
        Map<String, Alternative> best = new LinkedHashMap<>();
        tried.forEach(alternative -> best.merge(
                scheme(alternative), alternative, (one, other) -> order().compare(other, one) < 0 ? other : one));
        return best.entrySet().stream()
                .map(scheme -> outcome(scheme.getKey(), scheme.getValue()))
                .toList();
    }

    /** {@code pipeline} of {@code pipeline over 3 nodes}, {@code lanes} of {@code 2 lanes}, {@code rows} of {@code gathered rows}. */
    static String scheme(Alternative alternative) {
        String name = alternative.name();
        if (Baselines.all().containsKey(name)) {
            return PlanReasons.PUBLISHED;
        }
        return Stream.of("rows", "lanes").filter(name::endsWith).findFirst().orElse(name.split(" ", 2)[0]);
    }

    /** The chosen one first, then those that keep within the constraints, then by the objective. */
    private Comparator<Alternative> order() {
        return Comparator.comparing((Alternative alternative) -> !isChosen(alternative))
                .thenComparing(alternative -> alternative.predicted().isEmpty())
                .thenComparing(alternative ->
                        !alternative.predicted().map(constraints::areKeptBy).orElse(false))
                .thenComparing(alternative ->
                        alternative.predicted().map(request.objective()::value).orElse(Double.POSITIVE_INFINITY));
    }

    private SchemeOutcome outcome(String scheme, Alternative best) {
        return new SchemeOutcome(
                scheme,
                best.name(),
                isChosen(best),
                best.predicted(),
                best.predicted()
                        .map(score -> request.objective().value(score)
                                / request.objective().value(chosen)),
                best.predicted().map(this::reason).orElse(best.remark()));
    }

    private String reason(PlanScore score) {
        return constraints.excess(score).orElse(score.bottleneck());
    }

    /** The first with its figures: others may have the same. */
    private boolean isChosen(Alternative alternative) {
        return tried.stream()
                .filter(each -> each.predicted().filter(chosen::equals).isPresent())
                .findFirst()
                .filter(alternative::equals)
                .isPresent();
    }
}
