package dev.tandem.inference.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The CPUs that this process may use, as Linux describes them below {@code /sys/devices/system}, and the core groups
 * that they form: CPUs of about the same speed on one NUMA node.
 *
 * @param cpus ascending by id; empty where the system does not describe its CPUs
 */
public record CpuTopology(List<Cpu> cpus) {
    private static final Path SYSTEM_ROOT = Path.of("/sys/devices/system");
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    /**
     * CPUs whose speed is at least this share of the group's fastest belong together: makers bin cores of one design a
     * few percent apart, while designs on one chip differ by more.
     */
    private static final double SAME_KIND_SHARE = 0.9;

    /**
     * One logical CPU.
     *
     * @param id the operating system's number, from 0
     * @param numaNode memory node it belongs to, 0 where the system has none
     * @param speed relative compute capacity, or maximum frequency in kHz, or 0 where neither is known; comparable only
     *     within one topology
     * @param core lowest id of the CPUs that share this one's physical core
     */
    public record Cpu(int id, int numaNode, long speed, int core) {}

    /** Copies the list. */
    public CpuTopology {
        cpus = List.copyOf(cpus);
    }

    /** CPUs of this machine that this process may use. */
    public static CpuTopology read() {
        return read(SYSTEM_ROOT, Set.copyOf(allowedCpus()));
    }

    /**
     * As {@link #read()} for another root.
     *
     * @param systemRoot folder with {@code cpu} and, on NUMA machines, {@code node}
     * @param allowed ids that the process may use
     */
    public static CpuTopology read(Path systemRoot, Set<Integer> allowed) {
        Path folder = systemRoot.resolve("cpu");
        List<Integer> ids = text(folder.resolve("online")).map(CpuList::parse).orElse(List.of()).stream()
                .filter(allowed::contains)
                .toList();
        String speedFile = speedFile(folder, ids);
        TreeMap<Integer, Integer> nodes = numaNodes(systemRoot.resolve("node"));
        return new CpuTopology(ids.stream()
                .map(id -> {
                    Path cpu = folder.resolve("cpu" + id);
                    return new Cpu(id, nodes.getOrDefault(id, 0), number(cpu.resolve(speedFile)), core(cpu, id));
                })
                .toList());
    }

    /** The core groups of {@link #read()}; one that is not pinned where the system does not describe its CPUs. */
    public static List<CoreGroupSpec> proposeCoreGroups() {
        int limit = Runtime.getRuntime().availableProcessors();
        List<CoreGroupSpec> groups = read().coreGroups(limit);
        return groups.isEmpty()
                ? List.of(new CoreGroupSpec(
                        "cpu", IntStream.range(0, limit).boxed().toList(), limit, false))
                : groups;
    }

    /**
     * Core groups, fastest first, with a thread for each physical core.
     *
     * @param maxThreads most threads of a group, for processes that may use less time than their CPUs have
     */
    public List<CoreGroupSpec> coreGroups(int maxThreads) {
        TreeMap<Integer, List<List<Cpu>>> kindsOfNode = new TreeMap<>();
        for (int node : cpus.stream().map(Cpu::numaNode).distinct().toList()) {
            kindsOfNode.put(node, kinds(node));
        }
        List<CoreGroupSpec> groups = new ArrayList<>();
        kindsOfNode.forEach((node, kinds) -> {
            String prefix = kindsOfNode.size() > 1 ? "numa" + node + "-" : "";
            for (int rank = 0; rank < kinds.size(); rank++) {
                groups.add(group(prefix + kindName(rank, kinds.size()), kinds.get(rank), maxThreads));
            }
        });
        return groups;
    }

    /** Those of the CPUs that this process may use; all of them where that is not known. */
    static List<Integer> usable(List<Integer> cpus) {
        List<Integer> allowed = allowedCpus();
        return allowed.isEmpty()
                ? cpus
                : cpus.stream().filter(allowed::contains).toList();
    }

    /**
     * From the status of the process and not from the calling thread, which may be pinned. Empty where the system does
     * not say.
     */
    static List<Integer> allowedCpus() {
        return text(PROCESS_STATUS)
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith("Cpus_allowed_list:"))
                        .findFirst())
                .map(line -> CpuList.parse(line.substring(line.indexOf(':') + 1)))
                .orElse(List.of());
    }

    private List<List<Cpu>> kinds(int numaNode) {
        List<Cpu> fastestFirst = cpus.stream()
                .filter(cpu -> cpu.numaNode() == numaNode)
                .sorted(Comparator.comparingLong(Cpu::speed).reversed().thenComparing(Cpu::id))
                .toList();
        List<List<Cpu>> kinds = new ArrayList<>();
        long fastest = -1;
        for (Cpu cpu : fastestFirst) {
            if (kinds.isEmpty() || cpu.speed() < SAME_KIND_SHARE * fastest) {
                kinds.add(new ArrayList<>());
                fastest = cpu.speed();
            }
            kinds.get(kinds.size() - 1).add(cpu);
        }
        return kinds;
    }

    private static CoreGroupSpec group(String name, List<Cpu> members, int maxThreads) {
        int cores = new HashSet<>(members.stream().map(Cpu::core).toList()).size();
        List<Integer> ids = members.stream().map(Cpu::id).sorted().toList();
        return new CoreGroupSpec(name, ids, Math.max(1, Math.min(cores, maxThreads)), true);
    }

    private static String kindName(int rank, int kinds) {
        if (kinds == 1) {
            return "cpu";
        }
        if (rank == 0) {
            return "big";
        }
        if (rank == kinds - 1) {
            return "little";
        }
        return kinds == 3 ? "middle" : "middle" + rank;
    }

    /** One measure for all CPUs: capacities and frequencies cannot be compared with each other. */
    private static String speedFile(Path folder, List<Integer> ids) {
        return ids.stream().allMatch(id -> Files.exists(folder.resolve("cpu" + id + "/cpu_capacity")))
                ? "cpu_capacity"
                : "cpufreq/cpuinfo_max_freq";
    }

    private static int core(Path cpu, int id) {
        return text(cpu.resolve("topology/thread_siblings_list"))
                .map(CpuList::parse)
                .filter(siblings -> !siblings.isEmpty())
                .map(siblings -> siblings.get(0))
                .orElse(id);
    }

    private static TreeMap<Integer, Integer> numaNodes(Path folder) {
        TreeMap<Integer, Integer> nodeOfCpu = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return nodeOfCpu;
        }
        try (DirectoryStream<Path> nodes = Files.newDirectoryStream(folder, "node[0-9]*")) {
            for (Path node : nodes) {
                int number = Integer.parseInt(node.getFileName().toString().substring("node".length()));
                text(node.resolve("cpulist"))
                        .map(CpuList::parse)
                        .orElse(List.of())
                        .forEach(cpu -> nodeOfCpu.put(cpu, number));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nodeOfCpu;
    }

    private static long number(Path file) {
        return text(file).map(Long::parseLong).orElse(0L);
    }

    /** The kernel leaves out files that do not apply to a machine, and may refuse to read one of an offline CPU. */
    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
