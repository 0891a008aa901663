package dev.tandem.deploy.cli;

import dev.tandem.core.cost.PlanExplanation;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Planner;
import dev.tandem.core.planner.explain.PlanReasons;
import dev.tandem.deploy.drawing.PlanPicture;
import dev.tandem.deploy.wiring.ExplainJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a plan is also taken apart, and where its picture goes. */
final class ExplanationArguments {

    @Option(
            names = "--explain",
            description =
                    "Say when each part begins and ends, how busy everything is, memory and energy by node, how far"
                            + " the plan is from what no plan can beat, and why the best of every other scheme lost.")
    private boolean explain;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description =
                    "Draw the plan on its machines, and the timelines of one request and of many, as an SVG picture.")
    private @Nullable Path svg;

    /** @throws CommandException when the picture cannot be written where it should */
    void check() {
        if (svg != null) {
            Path folder = svg.toAbsolutePath().getParent();
            if (Files.isDirectory(svg) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw CommandException.usage("--svg (" + svg + ") must be a file in a folder that can be written to.");
            }
        }
    }

    /** Whether the best of every scheme is asked for: then nothing must be left out. */
    boolean isAsked() {
        return explain;
    }

    /** The reasons for the plan, when they were asked for. */
    Optional<ExplainJson> explain(Planner planner, PlanRequest request, Constraints constraints, Planned planned) {
        if (!explain) {
            return Optional.empty();
        }
        PlanExplanation explained = request.explainer().explain(planned.plan());
        return Optional.of(
                ExplainJson.of(explained, PlanReasons.of(planner, request, constraints, planned), request.topology()));
    }

    /** Writes the picture of the plan, when it was asked for. */
    void draw(PlanRequest request, Plan plan) throws IOException {
        if (svg != null) {
            PlanPicture.of(request, plan).write(svg);
        }
    }
}
