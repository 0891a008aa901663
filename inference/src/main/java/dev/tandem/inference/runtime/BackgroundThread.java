package dev.tandem.inference.runtime;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread for work that nobody waits for, which takes time from what serves on the same machine. */
public final class BackgroundThread {

    /** About a third of the weight of a core group's thread in Linux's scheduler: it would take three quarters of a processor at niceness 0. */
    private static final int NICENESS = 10;

    private static final Duration KEPT_IDLE = Duration.ofSeconds(30);

    private BackgroundThread() {}

    /**
     * One thread that yields to core groups, and is there only while there is something to do.
     *
     * @param name of the thread
     * @return to be shut down by the caller
     */
    public static ExecutorService executor(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, KEPT_IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(
                            () -> {
                                ThreadNiceness.raiseTo(NICENESS);
                                work.run();
                            },
                            name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
