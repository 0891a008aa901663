package dev.tandem.deploy.wiring;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.supervisor.PlannerNames;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.plan.Plan;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * A model that settings list, as it and the files that it names are now.
 *
 * @param model folded, by the name under which it is listed
 * @param profile what was measured before; absent: it is measured when it is offered
 */
record ListedModel(ModelSettings settings, ModelPackage model, DeployOrder order, Optional<ProfileJson> profile) {

    /**
     * Reads the files. Where nothing has changed the model is found folded.
     *
     * @throws dev.tandem.inference.onnx.ModelRefusedException when the model cannot be used as it is
     * @throws IllegalArgumentException when the profile or the plan cannot be used
     */
    static ListedModel read(ModelSettings listed, TandemSettings process) throws IOException {
        ModelPackage model = FoldCache.fold(listed.file(), DimensionValues.of(listed.dimensions()), process)
                .named(listed.name());
        return new ListedModel(listed, model, order(listed), profile(listed));
    }

    private static Optional<ProfileJson> profile(ModelSettings listed) throws IOException {
        return listed.profile().isEmpty()
                ? Optional.empty()
                : Optional.of(parsed(listed.profile().get(), ProfileJson::read));
    }

    private static DeployOrder order(ModelSettings listed) throws IOException {
        if (listed.plan().isPresent()) {
            Plan plan = parsed(listed.plan().get(), PlanJson::read).plan();
            return DeployOrder.exactly(
                    new Plan(listed.name(), plan.modelDigest(), plan.scheme(), plan.lanes(), plan.predicted()));
        }
        return new DeployOrder(
                        listed.scheme().map(PlannerNames::scheme),
                        listed.objective().map(PlannerNames::objective),
                        listed.nodes(),
                        listed.shards())
                .coded(listed.codec().map(PlannerNames::codec));
    }

    private static <T> T parsed(Path file, Function<byte[], T> read) throws IOException {
        try {
            return read.apply(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * With the times of its layers; those are measured unless they are known.
     *
     * @throws IllegalArgumentException when what is known is of another model, or too old
     */
    OfferedModel offered() {
        return profile.map(this::offered).orElseGet(() -> OfferedModel.measure(model));
    }

    private OfferedModel offered(ProfileJson known) {
        String file = settings.profile().map(Path::toString).orElse("");
        new ProfileUse(model.graph(), OnnxRuntime.version(), Instant.now(), ProfileUse.OLDEST)
                .requireFresh(file, known);
        return OfferedModel.of(model, known);
    }

    /** Whether nothing of it has changed, the content of its files included. */
    boolean isLike(ListedModel other) {
        return settings.equals(other.settings)
                && model.digest().equals(other.model.digest())
                && order.equals(other.order)
                && profile.equals(other.profile);
    }
}
