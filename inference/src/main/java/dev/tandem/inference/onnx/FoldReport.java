package dev.tandem.inference.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What folding gains over the model as it came, both run whole at the runtime's full optimisation level.
 *
 * @param secondsBefore median time of one run of the model as it came
 * @param secondsAfter median time of one run of the folded model
 * @param layersBefore operators of the model as it came
 * @param layersAfter layers of the folded model
 */
public record FoldReport(double secondsBefore, double secondsAfter, int layersBefore, int layersAfter) {
    private static final long SEED = 1;
    private static final int WARM_UPS = 2;

    /**
     * Measures both, alternating so that a busy machine slows both alike.
     *
     * @param runs timed runs of each, at least 1
     * @param threads intra-op threads of each session
     */
    public static FoldReport measure(Path model, ModelPackage folded, int runs, int threads) {
        OnnxFile source = OnnxFile.read(model);
        try (OrtSession before = RuntimeSessions.open(source.path(), OptLevel.ALL_OPT, threads);
                OrtSession after = RuntimeSessions.open(folded.skeleton(), OptLevel.ALL_OPT, threads);
                GeneratedInputs inputs = GeneratedInputs.of(folded.graph().inputs(), SEED)) {
            double[] beforeSeconds = new double[runs];
            double[] afterSeconds = new double[runs];
            for (int run = -WARM_UPS; run < runs; run++) {
                double first = seconds(before, inputs);
                double second = seconds(after, inputs);
                if (run >= 0) {
                    beforeSeconds[run] = first;
                    afterSeconds[run] = second;
                }
            }
            return new FoldReport(
                    median(beforeSeconds),
                    median(afterSeconds),
                    source.model().getGraph().getNodeCount(),
                    folded.graph().layers().size());
        } catch (OrtException e) {
            throw LoadErrors.translate(source, e);
        }
    }

    /** How many times faster the folded model is. */
    public double gain() {
        return secondsBefore / secondsAfter;
    }

    private static double seconds(OrtSession session, GeneratedInputs inputs) throws OrtException {
        long begin = System.nanoTime();
        try (Result result = session.run(inputs.tensors())) {
            assert result.size() > 0;
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
