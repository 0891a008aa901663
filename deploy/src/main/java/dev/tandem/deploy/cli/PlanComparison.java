package dev.tandem.deploy.cli;

import dev.tandem.core.plan.Energy;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.baseline.Baselines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tandem's plan and those of the published schemes for the same request, all scored alike.
 *
 * @param rows Tandem's own first
 */
record PlanComparison(List<Row> rows) {

    /**
     * What one scheme makes of the request; without figures where it finds no plan, for which the remark is the reason.
     *
     * @param requestJoules of one request alone, where the power of all nodes is known
     * @param streamJoules of each request of a stream, likewise
     * @param ratio what the objective makes small, in units of Tandem's: above 1 where Tandem is better; none where the plan
     *     breaks a bound, which the remark then names
     */
    record Row(
            String name,
            @Nullable Double latencySeconds,
            @Nullable Double throughputPerSecond,
            @Nullable Double requestJoules,
            @Nullable Double streamJoules,
            @Nullable Integer nodes,
            @Nullable Double ratio,
            String remark) {

        static Row refused(String name, String reason) {
            return new Row(name, null, null, null, null, null, null, reason);
        }
    }

    PlanComparison {
        rows = List.copyOf(rows);
    }

    /** Asks every baseline; none of them knows of bounds. */
    static PlanComparison of(PlanRequest request, Constraints constraints, Plan plan) {
        double value = request.objective().value(plan.predicted());
        List<Row> rows = new ArrayList<>();
        rows.add(row("tandem", request, constraints, plan, value));
        Baselines.all().forEach((name, planner) -> {
            PlanResult result = planner.plan(request);
            if (result instanceof Planned planned) {
                rows.add(row(name, request, constraints, planned.plan(), value));
            } else {
                rows.add(Row.refused(name, ((Refused) result).reason()));
            }
        });
        return new PlanComparison(rows);
    }

    void print(Terminal terminal) {
        TextTable table = TextTable.of(
                "scheme",
                ">ms per request",
                ">requests/s",
                ">mJ per request",
                ">mJ in a stream",
                ">nodes",
                ">times tandem's",
                "bottleneck, or why not");
        for (Row row : rows) {
            table.row(
                    row.name(),
                    row.latencySeconds() == null ? "" : Figures.millis(row.latencySeconds()),
                    row.throughputPerSecond() == null ? "" : Figures.digits(row.throughputPerSecond()),
                    row.requestJoules() == null ? "" : Figures.millijoules(row.requestJoules()),
                    row.streamJoules() == null ? "" : Figures.millijoules(row.streamJoules()),
                    row.nodes() == null ? "" : row.nodes().toString(),
                    row.ratio() == null ? "" : Figures.digits(row.ratio()),
                    row.remark());
        }
        terminal.line("");
        terminal.line("Published schemes, planned and predicted for the same machines:");
        table.withoutEmptyColumns().print(terminal);
    }

    private static Row row(String name, PlanRequest request, Constraints constraints, Plan plan, double tandemValue) {
        PlanScore score = plan.predicted();
        Optional<String> excess = constraints.excess(plan);
        return new Row(
                name,
                score.latencySeconds(),
                score.throughputPerSecond(),
                score.energy().map(Energy::requestJoules).orElse(null),
                score.energy().map(Energy::streamJoules).orElse(null),
                (int) Constraints.nodes(plan),
                excess.isPresent() ? null : request.objective().value(score) / tandemValue,
                excess.orElse(score.bottleneck()));
    }
}
