package dev.tandem.inference.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.TransposedWindow;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.onnx.RuntimeSessions;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Changes one position of the input of a model of one layer at a time, along an axis, and watches which positions of the
 * output change: the layer's geometry must name every position that the runtime reads, and, for kernels without gaps, no other.
 */
final class ReadRows {

    private final ModelPackage folded;
    private final Axis axis;
    private final AxisGeometry geometry;

    private ReadRows(ModelPackage folded, Axis axis) {
        this.folded = folded;
        this.axis = axis;
        this.geometry = folded.graph().layers().get(0).along(axis);
    }

    /** Checks the rows of a model from {@code x} to {@code y}, both feature maps of one image. */
    static void check(ModelPackage folded) throws OrtException {
        check(folded, Axis.ROWS);
    }

    /** Checks any axis of a model from {@code x} to {@code y}, both feature maps of one image. */
    static void check(ModelPackage folded, Axis axis) throws OrtException {
        new ReadRows(folded, axis).check();
    }

    private void check() throws OrtException {
        int inputs = extent("x");
        if (geometry instanceof Window window) {
            int padded = inputs + window.padBegin() + window.padEnd();
            assertThat((padded - window.span()) / window.stride() + 1).isEqualTo(extent("y"));
        }
        try (OrtSession session = RuntimeSessions.open(folded.skeleton(), OptLevel.NO_OPT, 1)) {
            float[] base = run(session, -1);
            for (int position = 0; position < inputs; position++) {
                compare(position, changed(base, run(session, position)));
            }
        }
    }

    private int extent(String tensor) {
        return folded.graph().tensor(tensor).shape().get(axis.dimension());
    }

    private void compare(int input, boolean[] changed) {
        boolean gapless = !(geometry instanceof Window window && window.dilation() > 1)
                && !(geometry instanceof TransposedWindow);
        for (int output = 0; output < changed.length; output++) {
            Interval read = geometry.inputs(0, new Interval(output, output + 1), extent("x"));
            boolean named = read.contains(new Interval(input, input + 1));
            assertThat(named || !changed[output])
                    .as("%d read by %d along %s: %s", input, output, axis, geometry)
                    .isTrue();
            if (gapless) {
                assertThat(changed[output])
                        .as("%d named for %d along %s: %s", input, output, axis, geometry)
                        .isEqualTo(named);
            }
        }
    }

    private float[] run(OrtSession session, int position) throws OrtException {
        TensorSpec spec = folded.graph().tensor("x");
        FloatBuffer data = FloatBuffer.allocate(Math.toIntExact(spec.elements()));
        for (int index = 0; index < data.capacity(); index++) {
            data.put(index, position(spec, index) == position ? 3 : 1);
        }
        long[] extents = spec.shape().stream().mapToLong(Integer::longValue).toArray();
        try (OnnxTensor input = OnnxTensor.createTensor(RuntimeSessions.environment(), data, extents);
                Result result = session.run(Map.of("x", input))) {
            FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[output.remaining()];
            output.get(values);
            return values;
        }
    }

    private boolean[] changed(float[] base, float[] other) {
        TensorSpec spec = folded.graph().tensor("y");
        boolean[] changed = new boolean[extent("y")];
        for (int index = 0; index < base.length; index++) {
            changed[position(spec, index)] |= base[index] != other[index];
        }
        return changed;
    }

    /** Of an element, along the axis. */
    private int position(TensorSpec spec, int index) {
        int behind = spec.shape().stream().skip(axis.dimension() + 1L).reduce(1, Math::multiplyExact);
        return index / behind % spec.shape().get(axis.dimension());
    }
}
