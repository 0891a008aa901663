package dev.tandem.harness.testbed;

import dev.tandem.inference.runtime.CpuTopology;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which of this machine's CPUs do what on a test bed. Those that compute do nothing else: the kernel charges a thread that
 * computes with the packets of others that arrive meanwhile, which a small share would notice, and they cost it its caches.
 *
 * @param computing all core groups
 * @param carrying the rest of the members: network, compiler, memory
 */
record CpuPlaces(List<Integer> computing, List<Integer> carrying) {

    /** The part of a CPU that shares may take together: nearer to one, core groups wait for each other. */
    static final double MOST_OF_A_CPU = 0.93;

    CpuPlaces {
        computing = List.copyOf(computing);
        carrying = List.copyOf(carrying);
    }

    /** Those of a bed; empty where the shares leave no CPU that could do the rest. */
    static Optional<CpuPlaces> of(TestbedSpec spec) {
        return of(spec.share(), available());
    }

    /** Those of this machine that this process may run on. */
    static List<Integer> available() {
        return CpuTopology.read().cpus().stream().map(CpuTopology.Cpu::id).toList();
    }

    static Optional<CpuPlaces> of(double shares, List<Integer> cpus) {
        int carrying = cpus.size() - (int) Math.ceil(shares / MOST_OF_A_CPU);
        return carrying < 1
                ? Optional.empty()
                : Optional.of(new CpuPlaces(cpus.subList(carrying, cpus.size()), cpus.subList(0, carrying)));
    }

    /** All of them. */
    List<Integer> all() {
        return Stream.concat(carrying.stream(), computing.stream()).toList();
    }
}
