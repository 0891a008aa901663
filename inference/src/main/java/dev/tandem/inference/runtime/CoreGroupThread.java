package dev.tandem.inference.runtime;

/** What makes a thread that of a core group: its CPUs, and a priority below the threads that keep the node in touch. */
public final class CoreGroupThread {

    /** About a third of the weight of a thread of niceness 0 in Linux's scheduler: yields under load, starves never. */
    private static final int NICENESS = 5;

    private CoreGroupThread() {}

    /** Makes the calling thread the core group's, for good; to be called before it opens a session. */
    public static PinOutcome adopt(CoreGroupSpec spec) {
        ThreadNiceness.raiseTo(NICENESS);
        return spec.pin() ? ThreadPinning.pin(spec.cpus()) : new PinOutcome.NotRequested();
    }
}
