package dev.tandem.core.cost;

import java.time.Instant;
import java.util.List;

/**
 * Where, when and with what a profile was measured.
 *
 * @param machine the machine's name
 * @param processor model of its CPU, or what the system says of it
 * @param coreGroup name of the core group on that machine
 * @param cpus operating-system CPU numbers of the group; empty when it was not bound to particular ones
 * @param threads of one inference
 * @param clock what decides the CPUs' frequency, such as a governor and its limit; empty where the system does not say
 * @param tandemVersion of the program that measured
 * @param runtimeVersion of ONNX Runtime
 * @param javaVersion of the virtual machine
 * @param repetitions times that the whole model was timed, spread over the measurement
 * @param spread median distance of such a time from the median one, as a share of it
 * @param segmentError median relative error of the predicted times of the sampled segments
 * @param shareError the same for row shares
 */
public record Provenance(
        String machine,
        String processor,
        String coreGroup,
        List<Integer> cpus,
        int threads,
        String clock,
        String tandemVersion,
        String runtimeVersion,
        String javaVersion,
        Instant measuredAt,
        int repetitions,
        double spread,
        double segmentError,
        double shareError) {

    public Provenance {
        cpus = List.copyOf(cpus);
    }
}
