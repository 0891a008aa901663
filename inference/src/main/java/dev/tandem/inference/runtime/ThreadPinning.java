package dev.tandem.inference.runtime;

import java.util.BitSet;
import java.util.List;
import net.openhft.affinity.Affinity;
import net.openhft.affinity.impl.NullAffinity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the calling thread to a set of CPUs. Threads that it starts afterwards, in Java or in native code, inherit the
 * set.
 */
public final class ThreadPinning {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadPinning.class);

    private ThreadPinning() {}

    /**
     * Pins the calling thread. Where the system refuses or lacks CPUs, as in a container with fewer of them, there is
     * one warning and the thread goes on as it was or with what there is.
     *
     * @param cpus the operating system's CPU numbers, from 0
     */
    public static PinOutcome pin(List<Integer> cpus) {
        PinOutcome outcome = tryPin(List.copyOf(cpus));
        if (outcome instanceof PinOutcome.PartlyPinned partly) {
            LOG.warn(
                    "thread {} is pinned to CPUs {} only: this process may not use {}.",
                    Thread.currentThread().getName(),
                    partly.cpus(),
                    partly.missing());
        } else if (outcome instanceof PinOutcome.Refused refused) {
            LOG.warn(
                    "thread {} is not pinned to CPUs {}: {}. It runs where the system puts it.",
                    Thread.currentThread().getName(),
                    refused.requested(),
                    refused.reason());
        }
        return outcome;
    }

    private static PinOutcome tryPin(List<Integer> cpus) {
        if (cpus.isEmpty()) {
            return new PinOutcome.Refused(cpus, "the list is empty");
        }
        if (Affinity.getAffinityImpl() instanceof NullAffinity) {
            return new PinOutcome.Refused(cpus, "thread affinity is not supported on this platform");
        }
        BitSet requested = new BitSet();
        cpus.forEach(requested::set);
        try {
            Affinity.setAffinity(requested);
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            return new PinOutcome.Refused(cpus, String.valueOf(e.getMessage()));
        }
        return outcome(cpus, requested);
    }

    /** The kernel narrows the request to what the process may use without saying so: read back what it did. */
    private static PinOutcome outcome(List<Integer> cpus, BitSet requested) {
        BitSet actual = Affinity.getAffinity();
        if (actual.equals(requested)) {
            return new PinOutcome.Pinned(cpus);
        }
        BitSet missing = (BitSet) requested.clone();
        missing.andNot(actual);
        return new PinOutcome.PartlyPinned(
                actual.stream().boxed().toList(), missing.stream().boxed().toList());
    }
}
