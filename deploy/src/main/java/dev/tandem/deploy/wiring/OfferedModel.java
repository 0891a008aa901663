package dev.tandem.deploy.wiring;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.LayerProfile;
import dev.tandem.inference.profile.LayerProfiler;
import dev.tandem.inference.profile.ReferenceWorkload;
import dev.tandem.inference.runtime.SessionSettings;

/**
 * A model that is ready to be offered to a cluster.
 *
 * @param model folded
 * @param profile measured on this machine with one thread; planning scales it by the rates of the core groups
 */
public record OfferedModel(ModelPackage model, ReferenceProfile profile) {

    /** Threads that times are measured with where nothing else is said. */
    public static final int THREADS = 1;

    private static final int WARM_UPS = 1;
    /** Repetitions are as many as fit into this time, so that small models are measured well and large ones soon. */
    private static final double BUDGET_SECONDS = 0.5;

    private static final int LEAST_REPETITIONS = 3;
    private static final int MOST_REPETITIONS = 20;

    /** Measures the layers of a folded model; best while this machine has nothing else to do. */
    public static OfferedModel measure(ModelPackage model) {
        return measure(model, THREADS);
    }

    /** The same with so many threads of one inference. */
    public static OfferedModel measure(ModelPackage model, int threads) {
        LayerProfile first = new LayerProfiler(threads, 0, 1).profile(model);
        int repetitions = (int) Math.round(BUDGET_SECONDS / first.wholeSeconds());
        int affordable = Math.max(LEAST_REPETITIONS, Math.min(MOST_REPETITIONS, repetitions));
        LayerProfile profile = new LayerProfiler(threads, WARM_UPS, affordable).profile(model);
        double rate = ReferenceWorkload.multiplyAddsPerSecond(
                SessionSettings.defaults().withThreads(threads));
        return new OfferedModel(model, new ReferenceProfile(profile.times(), rate));
    }

    /** With what 'tandem profile' measured, of the fastest core group where it is of several; nothing is measured again. */
    public static OfferedModel of(ModelPackage model, ProfileJson profile) {
        ProfileJson.Group group = profile.fastest();
        return new OfferedModel(model, new ReferenceProfile(profile.profile(group), group.multiplyAddsPerSecond()));
    }

    /** With what else was measured of it at the same rate, such as the cost of cuts. */
    public OfferedModel with(Profile measured) {
        return new OfferedModel(model, new ReferenceProfile(measured, profile.multiplyAddsPerSecond()));
    }

    public ModelGraph graph() {
        return model.graph();
    }
}
