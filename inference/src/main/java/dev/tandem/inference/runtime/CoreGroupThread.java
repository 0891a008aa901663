package dev.tandem.inference.runtime;

/**
 * What makes a thread that of a core group: its name, its CPUs and control groups, and a priority below the threads that
 * keep the node in touch. ONNX Runtime's threads inherit all of it from the thread that opens a session.
 */
public final class CoreGroupThread {

    /** About a third of the weight of a thread of niceness 0 in Linux's scheduler: yields under load, starves never. */
    private static final int NICENESS = 5;

    /** Short, as Linux shows 15 characters: from outside the threads of a core group are known by their name. */
    private static final String NAME_PREFIX = "group-";

    private CoreGroupThread() {}

    /**
     * Makes the calling thread the core group's, for good; to be called before it opens a session.
     *
     * @throws IllegalStateException when it cannot join a control group of the core group
     */
    public static PinOutcome adopt(CoreGroupSpec spec) {
        Thread.currentThread().setName(name(spec));
        // First, as the library behind it starts a thread of its own when it is first used, which is none of the
        // group's.
        ThreadNiceness.raiseTo(NICENESS);
        ControlGroups.join(spec);
        return spec.pin() ? ThreadPinning.pin(spec.cpus()) : new PinOutcome.NotRequested();
    }

    /** Whether a thread of this name is one of a core group's. */
    public static boolean isNamed(String thread) {
        return thread.startsWith(NAME_PREFIX);
    }

    /** Name of a core group's threads. */
    static String name(CoreGroupSpec spec) {
        return NAME_PREFIX + spec.name();
    }
}
