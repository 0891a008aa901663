package dev.tandem.inference.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.RuntimeSessions;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Changes one input row of a model of one layer at a time and watches which output rows change: the layer's geometry must
 * name every row that the runtime reads, and, for kernels without gaps, no other.
 */
final class ReadRows {

    private ReadRows() {}

    /** Checks a model from {@code x} to {@code y}, both of shape [1, channels, rows, columns]. */
    static void check(ModelPackage folded) throws OrtException {
        Layer layer = folded.graph().layers().get(0);
        int inputRows = folded.graph().tensor("x").rows();
        int outputRows = folded.graph().tensor("y").rows();
        if (layer.along(Axis.ROWS) instanceof Window window) {
            int padded = inputRows + window.padBegin() + window.padEnd();
            assertThat((padded - window.span()) / window.stride() + 1).isEqualTo(outputRows);
        }
        try (OrtSession session = RuntimeSessions.open(folded.skeleton(), OptLevel.NO_OPT, 1)) {
            float[] base = run(session, folded, -1);
            for (int row = 0; row < inputRows; row++) {
                compareRows(folded, layer, row, changed(base, run(session, folded, row), folded));
            }
        }
    }

    private static void compareRows(ModelPackage folded, Layer layer, int inputRow, boolean[] changed) {
        int inputRows = folded.graph().tensor("x").rows();
        boolean gapless = !(layer.along(Axis.ROWS) instanceof Window window && window.dilation() > 1)
                && !(layer.along(Axis.ROWS) instanceof TransposedWindow);
        for (int row = 0; row < changed.length; row++) {
            Interval read = layer.along(Axis.ROWS).inputs(new Interval(row, row + 1), inputRows);
            boolean named = read.contains(new Interval(inputRow, inputRow + 1));
            assertThat(named || !changed[row])
                    .as("row %d read by %d: %s", inputRow, row, layer)
                    .isTrue();
            if (gapless) {
                assertThat(changed[row])
                        .as("row %d named for %d: %s", inputRow, row, layer)
                        .isEqualTo(named);
            }
        }
    }

    private static float[] run(OrtSession session, ModelPackage folded, int changedRow) throws OrtException {
        List<Integer> shape = folded.graph().tensor("x").shape();
        FloatBuffer data = FloatBuffer.allocate(shape.get(1) * shape.get(2) * shape.get(3));
        for (int index = 0; index < data.capacity(); index++) {
            data.put(index, index / shape.get(3) % shape.get(2) == changedRow ? 3 : 1);
        }
        long[] extents = shape.stream().mapToLong(Integer::longValue).toArray();
        try (OnnxTensor input = OnnxTensor.createTensor(RuntimeSessions.environment(), data, extents);
                Result result = session.run(Map.of("x", input))) {
            FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[output.remaining()];
            output.get(values);
            return values;
        }
    }

    private static boolean[] changed(float[] base, float[] other, ModelPackage folded) {
        List<Integer> shape = folded.graph().tensor("y").shape();
        boolean[] changed = new boolean[shape.get(2)];
        for (int index = 0; index < base.length; index++) {
            changed[index / shape.get(3) % shape.get(2)] |= base[index] != other[index];
        }
        return changed;
    }
}
