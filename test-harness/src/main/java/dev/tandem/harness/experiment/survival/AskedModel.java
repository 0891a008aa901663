package dev.tandem.harness.experiment.survival;

import dev.tandem.deploy.tensor.Comparison;
import dev.tandem.deploy.tensor.TensorValue;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.SampleInputs;
import dev.tandem.deploy.wiring.UnsplitModel;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model, some inputs, and what the unsplit model makes of them. Immutable but for the tensors, which nobody changes.
 *
 * @param offered measured on this machine
 * @param samples inputs by name
 * @param expected the unsplit model's outputs of each
 */
public record AskedModel(
        OfferedModel offered, List<Map<String, TensorValue>> samples, List<Map<String, TensorValue>> expected) {

    /** Relative difference of an output that sums in another order explain. */
    public static final double TOLERANCE = 1e-4;

    private static final int SAMPLES = 8;
    private static final long SEED = 2026;

    public AskedModel {
        samples = List.copyOf(samples);
        expected = List.copyOf(expected);
    }

    /**
     * Folds and measures a model, and asks it, unsplit.
     *
     * @param scratch what is folded goes there
     */
    public static AskedModel prepare(Path file, Path scratch) {
        OfferedModel offered =
                OfferedModel.measure(ModelFolder.fold(file, FoldOptions.DEFAULTS, scratch.resolve("folded")));
        SampleInputs inputs = new SampleInputs(offered.graph().inputs(), SEED);
        List<Map<String, TensorValue>> samples = new ArrayList<>();
        List<Map<String, TensorValue>> expected = new ArrayList<>();
        try (UnsplitModel unsplit = UnsplitModel.open(file, OfferedModel.THREADS)) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                samples.add(inputs.sample(sample));
                expected.add(unsplit.run(samples.get(sample)));
            }
        }
        return new AskedModel(offered, samples, expected);
    }

    /** Inputs of the request of that number. */
    public Map<String, TensorValue> input(int request) {
        return samples.get(request % samples.size());
    }

    /** By how much the outputs of that request are off, relative to the unsplit model's. */
    public double error(int request, Map<String, TensorValue> outputs) {
        return Comparison.ofAll(expected.get(request % expected.size()), outputs)
                .maxRelError();
    }
}
