package dev.tandem.deploy.cli;

import dev.tandem.core.plan.Energy;
import dev.tandem.deploy.wiring.PlanJson;
import dev.tandem.deploy.wiring.PlanJson.AlternativeJson;
import dev.tandem.deploy.wiring.PlanJson.Predicted;
import org.jspecify.annotations.Nullable;

/** A plan in short, for people: what runs where, and what else was considered. */
record PlanReport(PlanView view, PlanJson plan) {

    void print(Terminal terminal) {
        view.print(terminal);
        printAlternatives(terminal);
        terminal.line("");
        terminal.line("Why this plan: " + plan.explanation() + ". --explain says more.");
    }

    private void printAlternatives(Terminal terminal) {
        TextTable table =
                TextTable.of("division", ">ms per request", ">requests/s", ">mJ per request", "where, or why not");
        for (AlternativeJson alternative : plan.alternatives()) {
            Predicted predicted = alternative.predicted();
            table.row(
                    alternative.name(),
                    predicted == null ? "" : Figures.millis(predicted.latencySeconds()),
                    predicted == null ? "" : Figures.digits(predicted.throughputPerSecond()),
                    energy(predicted),
                    alternative.remark());
        }
        terminal.line("");
        terminal.line("Considered:");
        table.withoutEmptyColumns().print(terminal);
    }

    private static String energy(@Nullable Predicted predicted) {
        Energy energy = predicted == null ? null : predicted.energy();
        return energy == null ? "" : Figures.millijoules(energy.requestJoules());
    }
}
