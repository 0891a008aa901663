package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryGroupsIT {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup/memory");
    private static final long LIMIT = 32L << 20;

    @BeforeEach
    void needsRights() {
        assumeThat(MemoryGroups.missing()).as("what is missing to limit memory").isEmpty();
    }

    @Test
    void endsAProcessThatTakesMoreThanItsLimit() throws Exception {
        try (MemoryGroups groups = MemoryGroups.create(List.of("a", "b"), LIMIT)) {
            assertThat(run(groups.launchWith("a"), "head -c 1000000 /dev/zero | tail -c 1000000 >/dev/null"))
                    .isZero();
            assertThat(groups.kills("a")).isZero();
            assertThat(groups.peakBytes("a")).isBetween(1L, LIMIT);

            assertThat(run(groups.launchWith("b"), "head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null"))
                    .isNotZero();
            // One is enough, but the kernel may take another of the pipe's processes before the first has let go.
            assertThat(groups.kills("b")).isPositive();
            assertThat(groups.kills("a")).isZero();
        }
        assertThat(own()).isEmpty();
    }

    @Test
    void removesWhatAKilledProcessLeftAndNothingElse() throws Exception {
        Path stale = Files.createDirectory(MOUNT.resolve(new OwnedName(4_000_000_000L, 1, "a").toString()));
        Path foreign = Files.createDirectory(
                MOUNT.resolve("tandem-test-foreign-" + ProcessHandle.current().pid()));
        try (MemoryGroups running = MemoryGroups.create(List.of("a"), LIMIT)) {
            Leftovers.sweep();

            assertThat(stale).doesNotExist();
            assertThat(foreign).exists();
            assertThat(running.kills("a")).isZero();
        } finally {
            Files.delete(foreign);
        }
    }

    @Test
    void saysWhichGroupsThereAre() {
        try (MemoryGroups groups = MemoryGroups.create(List.of("a"), LIMIT)) {
            assertThatThrownBy(() -> groups.kills("z"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no group z");
        }
    }

    private static int run(List<String> launchWith, String script) throws Exception {
        List<String> command = new ArrayList<>(launchWith);
        command.addAll(List.of("sh", "-c", script));
        return new ProcessBuilder(command).start().waitFor();
    }

    private static List<String> own() throws Exception {
        try (var groups = Files.list(MOUNT)) {
            return groups.map(group -> group.getFileName().toString())
                    .filter(name -> OwnedName.parse(name)
                            .filter(parsed ->
                                    parsed.pid() == ProcessHandle.current().pid())
                            .isPresent())
                    .toList();
        }
    }
}
