package dev.tandem.harness.experiment.edgeld;

import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;

/**
 * The time of a call as EdgeLD (HPCC 2020) fitted it on virtual machines of one core at 800 MHz: a line through the
 * operations, with two for each multiply-add and for each bias of a convolution.
 */
final class LinearTime {

    /** Of every call, whatever it computes. */
    static final double SECONDS_PER_CALL = 1.97e-2;

    private static final double SECONDS_PER_OPERATION = 6.24e-11;

    private LinearTime() {}

    /** Of a layer beyond the call's. */
    static double seconds(ModelGraph graph, Layer layer) {
        TensorSpec output = graph.tensor(layer.outputs().get(0));
        long biases = convolves(layer) ? output.elements() : 0;
        return SECONDS_PER_OPERATION * 2 * (layer.multiplyAdds() + biases);
    }

    static boolean convolves(Layer layer) {
        return layer.along(Axis.ROWS) instanceof Window && layer.weightBytes() > 0;
    }
}
