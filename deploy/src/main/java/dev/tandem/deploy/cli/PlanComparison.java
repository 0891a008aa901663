package dev.tandem.deploy.cli;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.PlanResult.Refused;
import dev.tandem.core.planner.baseline.Baselines;
import java.util.ArrayList;
import java.util.List;
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
     * @param ratio what the objective makes small, in units of Tandem's: above 1 where Tandem is better
     */
    record Row(
            String name,
            @Nullable Double latencySeconds,
            @Nullable Double throughputPerSecond,
            @Nullable Integer nodes,
            @Nullable Double ratio,
            String remark) {}

    PlanComparison {
        rows = List.copyOf(rows);
    }

    /** Asks every baseline. */
    static PlanComparison of(PlanRequest request, Plan plan) {
        double seconds = request.objective().seconds(plan.predicted());
        List<Row> rows = new ArrayList<>();
        rows.add(row("tandem", request, plan, seconds));
        Baselines.all().forEach((name, planner) -> {
            PlanResult result = planner.plan(request);
            if (result instanceof Planned planned) {
                rows.add(row(name, request, planned.plan(), seconds));
            } else {
                rows.add(new Row(name, null, null, null, null, ((Refused) result).reason()));
            }
        });
        return new PlanComparison(rows);
    }

    void print(Terminal terminal) {
        TextTable table = TextTable.of(
                "scheme", ">ms per request", ">requests/s", ">nodes", ">times tandem's", "bottleneck, or why not");
        for (Row row : rows) {
            table.row(
                    row.name(),
                    row.latencySeconds() == null ? "" : Figures.millis(row.latencySeconds()),
                    row.throughputPerSecond() == null ? "" : Figures.digits(row.throughputPerSecond()),
                    row.nodes() == null ? "" : row.nodes().toString(),
                    row.ratio() == null ? "" : Figures.digits(row.ratio()),
                    row.remark());
        }
        terminal.line("");
        terminal.line("Published schemes, planned and predicted for the same machines:");
        table.print(terminal);
    }

    private static Row row(String name, PlanRequest request, Plan plan, double tandemSeconds) {
        PlanScore score = plan.predicted();
        long nodes = plan.lanes().stream()
                .flatMap(lane -> lane.stages().stream())
                .flatMap(stage -> stage.shards().stream())
                .map(shard -> shard.place().node())
                .distinct()
                .count();
        return new Row(
                name,
                score.latencySeconds(),
                score.throughputPerSecond(),
                (int) nodes,
                request.objective().seconds(score) / tandemSeconds,
                score.bottleneck());
    }
}
