package dev.tandem.actors.node;

import dev.tandem.actors.transport.FrameTraffic;
import dev.tandem.actors.transport.TensorFrameSerializer;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.Processor;
import dev.tandem.inference.runtime.CoreGroupSpec;
import dev.tandem.inference.runtime.CpuTopology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/** The processor of this node: which CPUs it may use of which machine, and what carrying takes of them. Used by one thread. */
final class NodeProcessor {

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int SHORT = 8;

    private final TensorFrameSerializer frames;
    private final CarrierTime time = new CarrierTime();
    private final CarryingMeter meter;
    private final String machine;
    private final int cpus;

    /**
     * The processor of a node that is starting.
     *
     * @param node stands for the machine where the system does not tell machines apart
     * @param coreGroups of the node
     */
    NodeProcessor(String node, List<CoreGroupSpec> coreGroups, ActorSystem<?> system) {
        this.frames = TensorFrameSerializer.of(system);
        this.meter = new CarryingMeter(Carrying.PRESET, sample());
        this.machine = machine(node, coreGroups);
        this.cpus = cpus(Runtime.getRuntime().availableProcessors(), coreGroups);
    }

    /** As it is now; to be asked for every now and then, so that there is something to measure between. */
    Processor now() {
        meter.add(sample());
        return new Processor(machine, cpus, meter.carrying());
    }

    /** Limited core groups leave the CPUs to carrying, however long they compute: as if each thread had one more. */
    static int cpus(int available, List<CoreGroupSpec> coreGroups) {
        int threads = coreGroups.stream().mapToInt(CoreGroupSpec::threads).sum();
        return areLimited(coreGroups) ? available + threads : available;
    }

    private static boolean areLimited(List<CoreGroupSpec> coreGroups) {
        return coreGroups.stream().noneMatch(group -> group.controlGroups().isEmpty());
    }

    private CarryingMeter.Sample sample() {
        FrameTraffic traffic = frames.traffic();
        return time.nanos().stream()
                .mapToObj(carrier -> new CarryingMeter.Sample(System.nanoTime(), carrier, traffic))
                .findFirst()
                .orElseGet(() -> new CarryingMeter.Sample(System.nanoTime(), 0, FrameTraffic.NONE));
    }

    /**
     * Nodes that may use the same CPUs of one running system share them, in containers too. Where control groups limit all
     * core groups, a node is a machine of its own: how long they compute is not what they take of the CPUs.
     */
    static String machine(String node, List<CoreGroupSpec> coreGroups) {
        if (areLimited(coreGroups)) {
            return node;
        }
        try {
            String boot = Files.readString(BOOT).strip();
            String cpus = CpuTopology.read().cpus().stream()
                    .map(cpu -> Integer.toString(cpu.id()))
                    .collect(Collectors.joining(","));
            return "boot " + boot.substring(0, Math.min(SHORT, boot.length())) + ", CPUs " + cpus;
        } catch (IOException notLinux) {
            return node;
        }
    }
}
