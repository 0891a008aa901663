package dev.tandem.deploy.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One round of a benchmark: all sides, one after the other.
 *
 * @param baseline plain ONNX Runtime on the CPUs of all members
 * @param oneCpu plain ONNX Runtime on one CPU, where the members have several
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BenchRound(BenchSide tandem, BenchSide baseline, @Nullable BenchSide oneCpu, double ratio) {

    static BenchRound of(BenchSide tandem, BenchSide baseline, @Nullable BenchSide oneCpu) {
        return new BenchRound(tandem, baseline, oneCpu, tandem.throughput() / baseline.throughput());
    }
}
