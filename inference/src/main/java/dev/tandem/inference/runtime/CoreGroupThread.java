package dev.tandem.inference.runtime;

/**
 * What makes a thread that of a core group: its name, its CPUs and control groups, and a priority below the threads that
 * keep the node in touch. ONNX Runtime's threads inherit all of it from the thread that opens a session.
 */
public final class CoreGroupThread {

    /** About a third of the weight of a thread of niceness 0 in Linux's scheduler: yields under load, starves never. */
    private static final int NICENESS = 5;

    /** About a third of the weight of a core group's own thread. */
    private static final int NICENESS_BESIDE = 10;

    /** Short, as Linux shows 15 characters: from outside the threads of a core group are known by their name. */
    private static final String NAME_PREFIX = "group-";

    private CoreGroupThread() {}

    /**
     * Makes the calling thread the core group's, for good; to be called before it opens a session.
     *
     * @throws IllegalStateException when it cannot join a control group of the core group
     */
    public static PinOutcome adopt(CoreGroupSpec spec) {
        return adopt(spec, NICENESS);
    }

    /**
     * Makes the calling thread one that opens sessions of the core group while it computes: it takes about a quarter of the
     * group's time, as long as the group has something to do. With several threads it is half, since those of the session
     * inherit the niceness and will compute.
     *
     * @throws IllegalStateException when it cannot join a control group of the core group
     */
    public static PinOutcome adoptBeside(CoreGroupSpec spec) {
        return adopt(spec, spec.threads() == 1 ? NICENESS_BESIDE : NICENESS);
    }

    private static PinOutcome adopt(CoreGroupSpec spec, int niceness) {
        Thread.currentThread().setName(name(spec));
        // First, as the library behind it starts a thread of its own when it is first used, which is none of the
        // group's.
        ThreadNiceness.raiseTo(niceness);
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
