package dev.tandem.inference.runtime;

import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The right to run a session that others may have as well, see {@link SessionPool}. Thread-safe: close waits for the runs of this
 * lease, after which their buffers are free, and later runs throw {@link IllegalStateException}.
 */
public final class SessionLease implements AutoCloseable {

    private final ModelSession session;
    private final boolean isFirst;
    private final Runnable release;
    /** Runs share it, close has it alone. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    SessionLease(ModelSession session, boolean isFirst, Runnable release) {
        this.session = session;
        this.isFirst = isFirst;
        this.release = release;
    }

    /** Whether the session was opened for this lease, and is for it to warm up; running it does not change that. */
    public boolean isFirst() {
        return isFirst;
    }

    /** {@link ModelSession#run(Map, Map)}. */
    public void run(Map<String, TensorBuffer> given, Map<String, TensorBuffer> results) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the lease of a session was closed and can no longer be used.");
            }
            session.run(given, results);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    /** Gives the session back, which is closed when nobody else has it; later calls have no effect. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                release.run();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
