package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuTopologyTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path root;

    @Test
    void seesFourEqualCoresOfARaspberryPi4AsOneGroup() throws IOException {
        for (int cpu = 0; cpu < 4; cpu++) {
            write("cpu/cpu" + cpu + "/cpufreq/cpuinfo_max_freq", "1800000");
        }
        write("cpu/online", "0-3");

        assertThat(groups(4, 4)).containsExactly(new CoreGroupSpec("cpu", List.of(0, 1, 2, 3), 4, true));
    }

    @Test
    void separatesBigFromLittleCoresOfAnOdroidXu4() throws IOException {
        for (int cpu = 0; cpu < 8; cpu++) {
            write("cpu/cpu" + cpu + "/cpu_capacity", cpu < 4 ? "448" : "1024");
            write("cpu/cpu" + cpu + "/cpufreq/cpuinfo_max_freq", cpu < 4 ? "1400000" : "2000000");
        }
        write("cpu/online", "0-7");

        assertThat(groups(8, 8))
                .containsExactly(
                        new CoreGroupSpec("big", List.of(4, 5, 6, 7), 4, true),
                        new CoreGroupSpec("little", List.of(0, 1, 2, 3), 4, true));
    }

    @Test
    void separatesByFrequencyWhereCapacityIsNotKnown() throws IOException {
        for (int cpu = 0; cpu < 4; cpu++) {
            write("cpu/cpu" + cpu + "/cpufreq/cpuinfo_max_freq", cpu < 2 ? "5000000" : "3800000");
        }
        // One core of a kind that its maker allows a little more.
        write("cpu/cpu1/cpufreq/cpuinfo_max_freq", "5200000");
        write("cpu/online", "0-3");

        assertThat(groups(4, 4))
                .containsExactly(
                        new CoreGroupSpec("big", List.of(0, 1), 2, true),
                        new CoreGroupSpec("little", List.of(2, 3), 2, true));
    }

    @Test
    void namesThreeKinds() throws IOException {
        for (int cpu = 0; cpu < 8; cpu++) {
            write("cpu/cpu" + cpu + "/cpu_capacity", cpu < 4 ? "250" : cpu < 7 ? "800" : "1024");
        }
        write("cpu/online", "0-7");

        assertThat(groups(8, 8)).extracting(CoreGroupSpec::name).containsExactly("big", "middle", "little");
    }

    @Test
    void countsCoresAndNotTheirHardwareThreads() throws IOException {
        for (int cpu = 0; cpu < 8; cpu++) {
            write("cpu/cpu" + cpu + "/topology/thread_siblings_list", (cpu % 4) + "," + (cpu % 4 + 4));
        }
        write("cpu/online", "0-7");

        assertThat(groups(8, 8)).containsExactly(new CoreGroupSpec("cpu", range(0, 8), 4, true));
    }

    @Test
    void separatesNumaNodes() throws IOException {
        write("cpu/online", "0-7");
        write("node/node0/cpulist", "0-3");
        write("node/node1/cpulist", "4-7");
        write("node/online", "0-1");

        assertThat(groups(8, 8))
                .containsExactly(
                        new CoreGroupSpec("numa0-cpu", range(0, 4), 4, true),
                        new CoreGroupSpec("numa1-cpu", range(4, 8), 4, true));
    }

    @Test
    void leavesOutCpusThatAreOfflineOrForbidden() throws IOException {
        write("cpu/online", "0-1,3");

        CpuTopology topology = CpuTopology.read(root, Set.of(1, 2, 3));

        assertThat(topology.cpus()).extracting(CpuTopology.Cpu::id).containsExactly(1, 3);
    }

    @Test
    void takesNoMoreThreadsThanTheProcessMayUse() throws IOException {
        write("cpu/online", "0-7");

        assertThat(groups(8, 2)).containsExactly(new CoreGroupSpec("cpu", range(0, 8), 2, true));
    }

    @Test
    void isEmptyWhereTheSystemSaysNothing() {
        assertThat(groups(4, 4)).isEmpty();
    }

    @Test
    void proposesGroupsForThisMachine() {
        List<CoreGroupSpec> groups = CpuTopology.proposeCoreGroups();

        assertThat(groups).isNotEmpty();
        assertThat(groups.stream().flatMap(group -> group.cpus().stream())).doesNotHaveDuplicates();
    }

    @Test
    void readsTheKernelsLists() {
        assertThat(CpuList.parse("0-2,5, 7-8\n")).containsExactly(0, 1, 2, 5, 7, 8);
        assertThat(CpuList.parse("")).isEmpty();
    }

    private List<CoreGroupSpec> groups(int cpus, int maxThreads) {
        Set<Integer> allowed = IntStream.range(0, cpus).boxed().collect(Collectors.toSet());
        return CpuTopology.read(root, allowed).coreGroups(maxThreads);
    }

    private static List<Integer> range(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }

    private void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
    }
}
