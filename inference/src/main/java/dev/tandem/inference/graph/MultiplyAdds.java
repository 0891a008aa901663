package dev.tandem.inference.graph;

import dev.tandem.core.graph.TensorSpec;
import java.util.List;
import java.util.Optional;

/** Multiply-add operations of one run of an operator, from shapes alone. */
final class MultiplyAdds {

    private MultiplyAdds() {}

    static long of(LayerShapes layer) {
        return switch (layer.node().getOpType()) {
            case "Conv", "ConvInteger" -> convolution(layer, 1);
            case "QLinearConv" -> convolution(layer, 3);
            case "ConvTranspose" -> transposed(layer);
            case "Gemm" -> gemm(layer);
            case "MatMul", "MatMulInteger", "QLinearMatMul" -> matrixProduct(layer);
            default -> 0;
        };
    }

    /** Every output element sums over the channels of its group and the kernel: the weight's shape but its first extent. */
    private static long convolution(LayerShapes layer, int weight) {
        return layer.shape(weight)
                .map(shape -> tail(shape) * outputElements(layer))
                .orElse(0L);
    }

    /** Every input element adds to the channels of its group and the kernel. */
    private static long transposed(LayerShapes layer) {
        return layer.shape(1)
                .flatMap(weight -> layer.shape(0).map(input -> tail(weight) * product(input)))
                .orElse(0L);
    }

    private static long gemm(LayerShapes layer) {
        boolean transposed = layer.attributes().integer("transA", 0) != 0;
        return layer.shape(0)
                .map(shape -> shape.get(transposed ? 0 : 1) * outputElements(layer))
                .orElse(0L);
    }

    private static long matrixProduct(LayerShapes layer) {
        Optional<List<Long>> left = layer.shape(0);
        return left.filter(shape -> !shape.isEmpty())
                .map(shape -> shape.get(shape.size() - 1) * outputElements(layer))
                .orElse(0L);
    }

    private static long outputElements(LayerShapes layer) {
        return layer.output().map(TensorSpec::elements).orElse(0L);
    }

    private static long tail(List<Long> shape) {
        return product(shape.subList(1, shape.size()));
    }

    private static long product(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
