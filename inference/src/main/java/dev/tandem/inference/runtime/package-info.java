/**
 * ONNX Runtime behind Tandem's own types: the native library, sessions, buffers, and the threads that run them.
 *
 * <p>Start at {@link dev.tandem.inference.runtime.ModelSession}, which opens a model by path and runs it into buffers of
 * the caller. {@link dev.tandem.inference.runtime.CoreGroupThread} pins the thread on which a core group's sessions are
 * opened and run, an actor's or {@link dev.tandem.inference.runtime.CoreGroupExecutor}'s own;
 * {@link dev.tandem.inference.runtime.CpuTopology} finds the core groups of this machine, and
 * {@link dev.tandem.inference.runtime.Providers} what else than CPUs can compute for one.
 *
 * <p>Whatever holds native memory is {@code AutoCloseable}, has one owner, and answers a use after close with
 * {@link java.lang.IllegalStateException}, never with a crash.
 */
@NullMarked
package dev.tandem.inference.runtime;

import org.jspecify.annotations.NullMarked;
