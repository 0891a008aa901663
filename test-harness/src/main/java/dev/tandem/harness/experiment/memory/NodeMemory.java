package dev.tandem.harness.experiment.memory;

import dev.tandem.harness.testbed.Testbed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a node of a test bed; bytes.
 *
 * @param limitBytes that the kernel lets its processes have
 * @param peakBytes the most they have had since the bed was made, pages of files included; the kernel lets those go at the
 *     limit
 * @param anonymousBytes what they hold that cannot be let go
 * @param swapBytes what of them is in swap
 * @param kills processes that the kernel has ended for want of memory
 */
public record NodeMemory(
        String node, long limitBytes, long peakBytes, long anonymousBytes, long swapBytes, long kills) {

    private static final String SWAP = "VmSwap:";
    private static final long KIB = 1024;

    /** All nodes of a bed, as they are now. */
    public static List<NodeMemory> of(Testbed bed) {
        return bed.nodes().stream()
                .map(node -> new NodeMemory(
                        node.name(),
                        node.memoryBytes(),
                        bed.memoryPeak(node.name()),
                        bed.memoryAnonymous(node.name()),
                        bed.processes(node.name()).stream()
                                .mapToLong(NodeMemory::swapBytes)
                                .sum(),
                        bed.memoryKills(node.name())))
                .toList();
    }

    /** Whether all of it was within the limit, in memory, and alive. */
    public boolean isKept() {
        return peakBytes <= limitBytes && swapBytes == 0 && kills == 0;
    }

    private static long swapBytes(ProcessHandle process) {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        try {
            return swapBytes(Files.readAllLines(status));
        } catch (NoSuchFileException ended) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("the memory of process " + process.pid() + " cannot be read: " + e, e);
        }
    }

    /** @param status lines of the kernel's file on a process, which says kibibytes */
    static long swapBytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(SWAP))
                .mapToLong(line -> KIB
                        * Long.parseLong(
                                line.substring(SWAP.length()).replace("kB", "").strip()))
                .sum();
    }
}
