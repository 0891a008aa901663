package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of version 2 before anything is made, on a folder in its place. */
class ControlGroupsV2Test {

    @TempDir
    private Path root = Path.of("");

    private ControlGroupsV2 giving(String controllers) throws IOException {
        Files.writeString(root.resolve("cgroup.subtree_control"), controllers);
        return new ControlGroupsV2(root);
    }

    @Test
    void refusesAWholeBedAsItsThreadsCannotBeMeasured() throws IOException {
        assertThat(giving("cpu memory").missingForBed()).hasValueSatisfying(reason -> assertThat(reason)
                .contains("need control groups of version 1")
                .contains("those in " + root + " are of version 2")
                .contains("Maybe start the machine with systemd.unified_cgroup_hierarchy=0"));
    }

    @Test
    void limitsMemoryAloneWhereTheControllersAreGiven() throws IOException {
        assertThat(giving("cpu memory").missing()).isEmpty();
        assertThat(giving("cpu io").missing()).hasValueSatisfying(reason -> assertThat(reason)
                .contains("the controller 'memory' is not given to the groups of " + root)
                .contains("echo '+cpu +memory'"));
    }
}
