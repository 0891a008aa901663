package dev.tandem.inference.runtime;

import com.sun.jna.LastErrorException;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the scheduling priority of the calling thread on Linux, where the JVM ignores {@link Thread#setPriority(int)}
 * unless it was started for it. Native threads that the thread starts afterwards inherit the niceness.
 */
final class ThreadNiceness {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadNiceness.class);
    private static final int PRIO_PROCESS = 0;
    /** To setpriority, process 0 is the caller, which for Linux is the thread. */
    private static final int CALLING_THREAD = 0;

    private ThreadNiceness() {}

    /** Any thread may raise its niceness; where it fails all the same, the thread keeps its priority. */
    static void raiseTo(int niceness) {
        if (!Platform.isLinux()) {
            return;
        }
        try {
            CLibrary.INSTANCE.setpriority(PRIO_PROCESS, CALLING_THREAD, niceness);
        } catch (LastErrorException | LinkageError e) {
            LOG.warn("thread {} keeps its priority: {}", Thread.currentThread().getName(), e.toString());
        }
    }
}
