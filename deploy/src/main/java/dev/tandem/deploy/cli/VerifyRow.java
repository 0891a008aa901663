package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.deploy.tensor.Comparison;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One model under one division. Nodes, stages and shards are those of the plan; of a refused row, those asked for.
 *
 * @param maxAbsError absent where no comparison was possible
 * @param maxRelError as a share of the output's range
 * @param refused whether the model does not fit the division
 * @param reason why it was refused, or failed for another cause than its figures
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record VerifyRow(
        String model,
        String scheme,
        int nodes,
        int stages,
        int shards,
        int samples,
        @Nullable Double maxAbsError,
        @Nullable Double maxRelError,
        @Nullable Double tolerance,
        boolean pass,
        boolean refused,
        @Nullable String reason) {

    static VerifyRow measured(
            Path model, Division division, PlanView plan, int samples, Comparison worst, double tolerance) {
        boolean comparable = worst.problem().isEmpty();
        return new VerifyRow(
                model.toString(),
                division.name(),
                plan.nodes(),
                plan.stages(),
                plan.shards(),
                samples,
                comparable ? worst.maxAbsError() : null,
                comparable ? worst.maxRelError() : null,
                tolerance,
                worst.isWithin(tolerance),
                false,
                worst.problem().orElse(null));
    }

    static VerifyRow refused(Path model, Division division, int samples, String reason) {
        return without(model, division, samples, true, reason);
    }

    /** A row that came to no comparison although the model fits. */
    static VerifyRow failed(Path model, Division division, int samples, String reason) {
        return without(model, division, samples, false, reason);
    }

    private static VerifyRow without(Path model, Division division, int samples, boolean refused, String reason) {
        return new VerifyRow(
                model.toString(),
                division.name(),
                division.nodes(),
                0,
                division.shards(),
                samples,
                null,
                null,
                null,
                false,
                refused,
                reason);
    }

    @JsonIgnore
    String outcome() {
        return refused ? "refused" : pass ? "pass" : "FAIL";
    }
}
