package dev.tandem.inference.runtime;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one pinned thread of a core group. Sessions of the group are opened and run here: the calling thread is one of
 * ONNX Runtime's intra-op threads, and the others inherit its CPUs and niceness when the session is opened here.
 *
 * <p>On Linux the thread runs at a lower priority than the rest of the process, so that a node busy with inference still answers
 * the cluster's heartbeats in time. Stages that depend on a returned future without an executor of their own run on this
 * thread; a Java thread started from here inherits CPUs and niceness too, so start none.
 */
public final class CoreGroupExecutor implements AutoCloseable, Executor {
    private static final Logger LOG = LoggerFactory.getLogger(CoreGroupExecutor.class);
    private static final Duration DEFAULT_CLOSE_DEADLINE = Duration.ofSeconds(10);

    private final CoreGroupSpec spec;
    private final ThreadPoolExecutor thread;
    private volatile PinOutcome pinning = new PinOutcome.NotRequested();
    private volatile @Nullable Thread worker;
    private volatile @Nullable IllegalStateException refusal;
    private volatile boolean closed;

    /**
     * Starts the thread and waits until it is pinned, or until it is known that it cannot be.
     *
     * @throws IllegalStateException when it cannot join a control group of the core group
     */
    public CoreGroupExecutor(CoreGroupSpec spec) {
        this.spec = spec;
        this.thread = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newThread, (task, pool) -> {
                    throw closedException();
                });
        submit(() -> pinning).join();
        IllegalStateException reason = refusal;
        if (reason != null) {
            close();
            throw reason;
        }
    }

    /** What the executor was made from. */
    public CoreGroupSpec spec() {
        return spec;
    }

    /** Whether and where the thread is pinned. */
    public PinOutcome pinning() {
        return pinning;
    }

    /**
     * Queues a task that answers nothing; an exception from it goes to the thread's uncaught exception handler.
     *
     * @throws IllegalStateException after close
     */
    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw closedException();
        }
        thread.execute(task);
    }

    /**
     * Queues a task; the future fails with what the task throws, or is cancelled if close gives up waiting for its turn.
     *
     * @throws IllegalStateException after close
     */
    public <T> CompletableFuture<T> submit(Callable<T> task) {
        Submission<T> submission = new Submission<>(task);
        execute(submission);
        return submission.future;
    }

    /** Closes with a deadline of 10 s. */
    @Override
    public void close() {
        if (!close(DEFAULT_CLOSE_DEADLINE)) {
            LOG.warn("core group {} still computes {} s after close.", spec.name(), DEFAULT_CLOSE_DEADLINE.toSeconds());
        }
    }

    /**
     * Takes no more tasks, finishes those queued until the deadline, then cancels what has not begun. A task in native
     * code cannot be interrupted: it goes on in its daemon thread.
     *
     * @return whether the thread has ended
     * @throws IllegalStateException when called on the executor's own thread, which would wait for itself
     */
    public boolean close(Duration deadline) {
        if (Thread.currentThread() == worker) {
            throw new IllegalStateException("core group " + spec.name() + " must not be closed on its own thread.");
        }
        closed = true;
        thread.shutdown();
        boolean ended = await(deadline);
        if (!ended) {
            cancel(thread.shutdownNow());
        }
        return ended;
    }

    private static void cancel(List<Runnable> tasks) {
        for (Runnable task : tasks) {
            if (task instanceof Submission<?> submission) {
                submission.future.cancel(false);
            }
        }
    }

    private boolean await(Duration deadline) {
        try {
            return thread.awaitTermination(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Thread newThread(Runnable work) {
        Thread created = new Thread(
                () -> {
                    adopt();
                    work.run();
                },
                CoreGroupThread.name(spec));
        worker = created;
        created.setDaemon(true);
        return created;
    }

    /** A thread that ended here would leave those waiting who have given it work. */
    private void adopt() {
        try {
            pinning = CoreGroupThread.adopt(spec);
        } catch (IllegalStateException e) {
            LOG.error("{}", e.getMessage());
            refusal = e;
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException("core group " + spec.name() + " is closed and takes no more tasks.");
    }

    /** A queued task that carries its future, so that close can cancel what never ran. */
    private static final class Submission<T> implements Runnable {
        private final Callable<T> task;
        private final CompletableFuture<T> future = new CompletableFuture<>();

        Submission(Callable<T> task) {
            this.task = task;
        }

        @Override
        public void run() {
            try {
                future.complete(task.call());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        }
    }
}
