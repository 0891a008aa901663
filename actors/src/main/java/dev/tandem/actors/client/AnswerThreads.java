package dev.tandem.actors.client;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which an application hears of its answers. What it does there may block, so there are as many as are busy
 * at a time; each is used again, where CompletableFuture's own executor starts one for every answer on a machine with one or
 * two CPUs.
 *
 * <p>Thread-safe. Daemon threads: they keep no application from ending.
 */
final class AnswerThreads implements Executor, AutoCloseable {

    static final String NAME_PREFIX = "tandem-answers-";

    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger started = new AtomicInteger();

    /** What comes after the end is run by whoever brings it: an answer is told, however late. */
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            this::thread,
            (late, pool) -> late.run());

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, NAME_PREFIX + started.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Lets the threads end once they have done what they were given. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
