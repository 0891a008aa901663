package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountsTest {

    private static final List<String> VERSION_1 = List.of(
            "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
            "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
            "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw");

    @Test
    void findsControllersOfVersionOneThatShareAHierarchy() {
        Mounts mounts = Mounts.parse(VERSION_1);

        assertThat(mounts.controller("cpu")).contains(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(mounts.controller("cpuacct")).isEqualTo(mounts.controller("cpu"));
        assertThat(mounts.controller("memory")).contains(Path.of("/sys/fs/cgroup/memory"));
        assertThat(ControlGroupsV1.in(mounts))
                .hasValueSatisfying(tree -> assertThat(tree.version()).isEqualTo(1));
    }

    @Test
    void findsVersionTwo() {
        Mounts mounts = Mounts.parse(List.of("41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw"));

        assertThat(mounts.unified()).contains(Path.of("/sys/fs/cgroup"));
        assertThat(ControlGroupsV1.in(mounts)).isEmpty();
    }
}
