package dev.tandem.inference.runtime;

import java.util.List;

/** What became of a request to hold a thread to CPUs. Not being pinned costs speed, never correctness. */
public sealed interface PinOutcome {
    /** The thread runs on these CPUs and no others. */
    record Pinned(List<Integer> cpus) implements PinOutcome {
        /** Copies the list. */
        public Pinned {
            cpus = List.copyOf(cpus);
        }
    }

    /** The thread runs on {@code cpus}; this process does not have the {@code missing} ones. */
    record PartlyPinned(List<Integer> cpus, List<Integer> missing) implements PinOutcome {
        /** Copies the lists. */
        public PartlyPinned {
            cpus = List.copyOf(cpus);
            missing = List.copyOf(missing);
        }
    }

    /** The operating system did not pin the thread. */
    record Refused(List<Integer> requested, String reason) implements PinOutcome {
        /** Copies the list. */
        public Refused {
            requested = List.copyOf(requested);
        }
    }

    /** The core group is not to be pinned. */
    record NotRequested() implements PinOutcome {}
}
