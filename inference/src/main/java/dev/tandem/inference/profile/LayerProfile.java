package dev.tandem.inference.profile;

import dev.tandem.core.cost.LayerTimes;
import java.util.List;

/**
 * Measured times of a model's layers and how they were measured.
 *
 * @param times seconds per layer; their sum is {@code wholeSeconds}
 * @param kernels by layer the index of the layer whose kernel computes it; layers with the same index were fused
 * @param wholeSeconds median time of one run of the whole model, without profiling
 * @param kernelShare what the profiled kernels took together, before scaling, as a share of {@code wholeSeconds}
 * @param threads intra-op threads
 * @param repetitions timed runs behind each median
 * @param runtimeVersion version of ONNX Runtime
 */
public record LayerProfile(
        LayerTimes times,
        List<Integer> kernels,
        double wholeSeconds,
        double kernelShare,
        int threads,
        int repetitions,
        String runtimeVersion) {

    public LayerProfile {
        kernels = List.copyOf(kernels);
    }
}
