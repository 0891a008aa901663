package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a bed ends, the machine is as it was: namespaces, devices, control groups, folders and processes are compared. */
class BedCleanupIT {

    private static final long DEADLINE_SECONDS = 60;
    private static final long POLL_MILLIS = 2;
    private static final String SPEC = "nodes = [ { name = only, share = 0.3, memory = 400MiB } ]";

    @TempDir
    private Path folder = Path.of("");

    private MachineState before = MachineState.EMPTY;

    @BeforeEach
    void lookAround() throws IOException {
        assumeThat(TestbedRights.missingForBed())
                .as("what is missing to make a test bed")
                .isEmpty();
        Leftovers.sweep();
        before = MachineState.now();
    }

    @Test
    void leavesNothingWhenAMemberDoesNotComeUp() throws IOException {
        Path spec = write(SPEC.replace("memory", "tandem.node.data-directory = /dev/null/no, memory"));

        assertThatThrownBy(() -> Testbed.start(TestbedSpec.read(spec), TestbedExtension.home(), (name, text) -> {}))
                .isInstanceOf(TestbedException.class)
                .hasMessageContaining("node only is not up");

        assertThat(MachineState.now()).isEqualTo(before);
    }

    @Test
    void leavesNothingAfterItsRunnerWasKilledOnceAnotherStarts() throws Exception {
        Path spec = write(SPEC);
        Process runner = up(spec);
        try {
            assertThat(Testbed.find("cleanup"))
                    .hasValueSatisfying(bed -> assertThat(bed.owner()).isEqualTo(runner.pid()));
            // A bed whose process is alive is nobody else's to remove.
            Leftovers.sweep();
            assertThat(Testbed.find("cleanup").orElseThrow().processes("only")).hasSize(1);
        } finally {
            runner.destroyForcibly().waitFor();
        }
        assertThat(MachineState.now()).isNotEqualTo(before);

        Leftovers.sweep();

        assertThat(MachineState.now()).isEqualTo(before);
    }

    @Test
    void leavesNothingAfterCtrlC() throws Exception {
        Process runner = up(write(SPEC));

        assertThat(new ProcessBuilder("kill", "-INT", "" + runner.pid()).start().waitFor())
                .isZero();

        assertThat(runner.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(MachineState.now()).isEqualTo(before);
    }

    /** A moment while a bed is being made: what there is by then. */
    private enum Moment {
        FOLDER,
        NAMESPACE,
        CONTROL_GROUP,
        CLUSTER_FILE;

        boolean hasCome(Process runner) {
            return things().stream().anyMatch(name -> name.pid() == runner.pid());
        }

        private List<OwnedName> things() {
            return switch (this) {
                case FOLDER -> BedFolders.owned();
                case NAMESPACE -> Namespaces.owned();
                case CONTROL_GROUP -> ControlGroupTree.ofMachine().existing();
                case CLUSTER_FILE ->
                    BedFolders.owned().stream()
                            .filter(name -> Files.exists(BedCluster.file(BedFolders.of(name))))
                            .toList();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingWhenItIsEndedWhileItIsBeingMade(Moment moment) throws Exception {
        Process runner = start(write(SPEC), ProcessBuilder.Redirect.DISCARD);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!moment.hasCome(runner)) {
            assertThat(runner.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(System.nanoTime()).isLessThan(end);
        }

        runner.destroy();

        assertThat(runner.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(MachineState.now()).isEqualTo(before);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("cleanup.conf"), text);
    }

    /** A bed that a process of its own keeps. */
    private static Process up(Path spec) throws IOException {
        Process process = start(spec, ProcessBuilder.Redirect.INHERIT);
        var output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith("use it")) {
            line = output.readLine();
        }
        assertThat(line).isNotNull();
        return process;
    }

    private static Process start(Path spec, ProcessBuilder.Redirect errors) throws IOException {
        // Whoever starts a build in the background has it ignore Ctrl-C, and all that it starts.
        ProcessBuilder builder = new ProcessBuilder(
                "env",
                "--default-signal=INT",
                TestbedExtension.home().resolve("bin/tandem").toString(),
                "testbed",
                "up",
                spec.toString());
        builder.environment().put("TANDEM_NO_BUILD", "1");
        builder.environment().put("TANDEM_CLASS_ARCHIVE", "off");
        return builder.redirectError(errors).start();
    }
}
