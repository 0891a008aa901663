package dev.tandem.inference.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model is opened and run. Start from {@link #defaults()} or {@link #of(CoreGroupSpec)} and change what differs.
 *
 * @param threads threads that compute one inference together, the calling thread included
 * @param cpus CPUs of the threads, numbered from 0; may be empty only if nothing is pinned
 * @param pin whether ONNX Runtime's own threads are held to {@code cpus}; the calling thread is pinned by its owner, see
 *     {@link CoreGroupThread}
 * @param spinning whether idle threads spin for the next operator: faster alone, ruinous to whoever shares the CPUs
 * @param prepack whether weights are copied into a layout that the kernels prefer
 * @param arena whether ONNX Runtime keeps freed tensor memory for later runs instead of returning it; measured faster
 *     and, because nothing is fragmented, smaller with it
 * @param optimization how far ONNX Runtime rewrites the graph
 * @param profileOutput prefix of the file that receives per-operator times, see {@link ModelSession#endProfiling()}
 * @param saveOptimizedTo where the optimised model is written when it is opened
 * @param configEntries further session entries of ONNX Runtime by their own names; they win over those set from here
 * @param provider what computes; what it leaves out, threads compute
 */
public record SessionSettings(
        int threads,
        List<Integer> cpus,
        boolean pin,
        boolean spinning,
        Prepack prepack,
        boolean arena,
        OptimizationLevel optimization,
        Optional<Path> profileOutput,
        Optional<Path> saveOptimizedTo,
        Map<String, String> configEntries,
        ProviderChoice provider) {

    /**
     * Whether weights are copied at load time into a layout that the kernels prefer. Measured on x86-64 with one thread:
     * integer models ran 1.4 times faster with it and products of many rows 1.25 times; float convolutions and products
     * of one row ran as fast without, from the mapped file, and a model of 100 MB of dense weights then took 40 MB of
     * anonymous memory instead of 140 MB.
     */
    public enum Prepack {
        /** The choice that is never slower: the same as {@link #ON}. */
        AUTO,
        /** Weights that are used as matrices exist twice: packed, and in the mapped file. */
        ON,
        /** Weights stay in the mapped file only, whose pages the kernel shares between processes and can drop. */
        OFF
    }

    /** How far ONNX Runtime rewrites the graph; each level includes those before it. */
    public enum OptimizationLevel {
        /** As the file has it. */
        DISABLED,
        /** Rewrites that stay within standard operators: constant folding, removal of what has no effect. */
        BASIC,
        /** Fusions into ONNX Runtime's own operators. */
        EXTENDED,
        /**
         * Also changes of memory layout that depend on the processor: float convolutions ran 1.15 to 1.6 times faster,
         * but their weights are copied out of the mapped file.
         */
        ALL
    }

    /** Checks the values and copies the collections. */
    public SessionSettings {
        cpus = List.copyOf(cpus);
        configEntries = Map.copyOf(configEntries);
        CoreGroupSpec.requireCpus("session", cpus, threads, pin);
    }

    /** One thread, not pinned, no spinning, all optimisations. */
    public static SessionSettings defaults() {
        return new SessionSettings(
                1,
                List.of(),
                false,
                false,
                Prepack.AUTO,
                true,
                OptimizationLevel.ALL,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                ProviderChoice.CPU);
    }

    /** The defaults with the threads, CPUs and provider of a core group. */
    public static SessionSettings of(CoreGroupSpec group) {
        return defaults()
                .withThreads(group.threads(), group.cpus(), group.pin())
                .withProvider(group.provider());
    }

    /** Threads that are not pinned. */
    public SessionSettings withThreads(int count) {
        return withThreads(count, List.of(), false);
    }

    /** Threads and where they run. */
    public SessionSettings withThreads(int count, List<Integer> onCpus, boolean pinned) {
        return new SessionSettings(
                count,
                onCpus,
                pinned,
                spinning,
                prepack,
                arena,
                optimization,
                profileOutput,
                saveOptimizedTo,
                configEntries,
                provider);
    }

    /** With spinning on or off. */
    public SessionSettings withSpinning(boolean enabled) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                enabled,
                prepack,
                arena,
                optimization,
                profileOutput,
                saveOptimizedTo,
                configEntries,
                provider);
    }

    /** With another choice for weights. */
    public SessionSettings withPrepack(Prepack choice) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                choice,
                arena,
                optimization,
                profileOutput,
                saveOptimizedTo,
                configEntries,
                provider);
    }

    /** With the memory arena on or off. */
    public SessionSettings withArena(boolean enabled) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                prepack,
                enabled,
                optimization,
                profileOutput,
                saveOptimizedTo,
                configEntries,
                provider);
    }

    /** With another level of optimisation. */
    public SessionSettings withOptimization(OptimizationLevel level) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                prepack,
                arena,
                level,
                profileOutput,
                saveOptimizedTo,
                configEntries,
                provider);
    }

    /** Writes per-operator times to a file whose name begins with this path. */
    public SessionSettings withProfileOutput(Path prefix) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                prepack,
                arena,
                optimization,
                Optional.of(prefix),
                saveOptimizedTo,
                configEntries,
                provider);
    }

    /** Writes the optimised model to this file when the model is opened. */
    public SessionSettings withSaveOptimizedTo(Path file) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                prepack,
                arena,
                optimization,
                profileOutput,
                Optional.of(file),
                configEntries,
                provider);
    }

    /** With further session entries of ONNX Runtime instead of those given before. */
    public SessionSettings withConfigEntries(Map<String, String> entries) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                prepack,
                arena,
                optimization,
                profileOutput,
                saveOptimizedTo,
                entries,
                provider);
    }

    /** With another provider. */
    public SessionSettings withProvider(ProviderChoice choice) {
        return new SessionSettings(
                threads,
                cpus,
                pin,
                spinning,
                prepack,
                arena,
                optimization,
                profileOutput,
                saveOptimizedTo,
                configEntries,
                choice);
    }
}
