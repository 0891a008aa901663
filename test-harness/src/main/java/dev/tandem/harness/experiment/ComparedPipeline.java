package dev.tandem.harness.experiment;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.load.ClosedLoop;
import dev.tandem.deploy.load.LoadFigures;
import dev.tandem.deploy.tensor.Comparison;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * A model to be served as a pipeline, and what the unsplit model makes of one input: every answer is compared with that.
 *
 * @param offered measured
 * @param sample all inputs by name
 * @param expected the unsplit model's outputs
 */
record ComparedPipeline(OfferedModel offered, Map<String, TensorValue> sample, Map<String, TensorValue> expected) {

    /** Relative difference of an output that sums in another order explain. */
    static final double TOLERANCE = 1e-4;

    private static final long SEED = 2026;
    private static final int REFERENCE_THREADS = 1;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** How requests went, and by how much an answer was off at most. */
    record Answers(LoadFigures load, double largestError) {

        boolean areEqual() {
            return largestError <= TOLERANCE;
        }
    }

    /**
     * Folds and measures a model, and asks it once, unsplit.
     *
     * @param scratch what is folded goes there
     */
    static ComparedPipeline prepare(Path file, Path scratch) {
        OfferedModel offered =
                OfferedModel.measure(ModelFolder.fold(file, FoldOptions.DEFAULTS, scratch.resolve("folded")));
        Map<String, TensorValue> sample = new SampleInputs(offered.graph().inputs(), SEED).sample(0);
        try (UnsplitModel unsplit = UnsplitModel.open(file, REFERENCE_THREADS)) {
            return new ComparedPipeline(offered, sample, unsplit.run(sample));
        }
    }

    /** A pipeline over so many nodes. */
    static DeployOrder order(int nodes) {
        return new DeployOrder(Scheme.PIPELINE, Objective.THROUGHPUT, nodes, 1);
    }

    long weightBytes() {
        return offered.graph().layers().stream().mapToLong(Layer::weightBytes).sum();
    }

    /** Asks for the sample so many times, so many of them at once. */
    Answers ask(ServedModel served, int requests, int inFlight) throws TimeoutException, InterruptedException {
        Comparison[] worst = {Comparison.EQUAL};
        LoadFigures load = new ClosedLoop<Map<String, TensorValue>>(inFlight, DEADLINE)
                .run(
                        requests,
                        request -> served.infer(sample, DEADLINE),
                        (request, outputs) -> worst[0] = worst[0].worst(Comparison.ofAll(expected, outputs)),
                        figures -> {});
        return new Answers(load, worst[0].maxRelError());
    }
}
