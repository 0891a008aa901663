package dev.tandem.core.sim;

import java.util.List;

/**
 * The CPUs of the machines of a plan. Immutable.
 *
 * @param counts by machine
 * @param ofCoreGroup by core group the machine that it is in
 * @param threads by core group the CPUs that a call takes
 * @param ofSender by link the machine that sends, or {@link #NONE}
 * @param ofReceiver by link the machine that receives, or {@link #NONE}
 * @param ofGateway the gateway's machine, or {@link #NONE}
 * @param requestSeconds of one CPU of the gateway's machine, for each request
 */
record Cpus(
        List<Integer> counts,
        List<Integer> ofCoreGroup,
        List<Integer> threads,
        List<Integer> ofSender,
        List<Integer> ofReceiver,
        int ofGateway,
        double requestSeconds) {

    /** A place outside the topology, whose CPUs are not known. */
    static final int NONE = -1;

    static int[] array(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
