package dev.tandem.deploy.wiring;

import dev.tandem.inference.runtime.CpuTopology;
import java.util.List;

/** The CPUs of this machine that a local cluster may deal out. */
public final class CpuShares {

    private CpuShares() {}

    /** Numbers of the CPUs that this process may run on, at least one. */
    public static List<Integer> available() {
        List<Integer> cpus =
                CpuTopology.read().cpus().stream().map(CpuTopology.Cpu::id).toList();
        return cpus.isEmpty() ? List.of(0) : cpus;
    }
}
