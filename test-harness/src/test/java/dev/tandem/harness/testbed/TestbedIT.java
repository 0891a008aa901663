package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three machines made of this one serve a model. */
@OnTestbed("examples/testbed/three.conf")
class TestbedIT {

    private static final long MINUTE = 60;

    @TempDir
    private Path folder = Path.of("");

    private String tandem() {
        return TestbedExtension.home().resolve("bin/tandem").toString();
    }

    @Test
    void servesAModelOnAllNodesWithinTheirLimits(Testbed bed) throws Exception {
        Path model = folder.resolve("mini.onnx");
        run(new ProcessBuilder(tandem(), "zoo", "tandem-mini", "-o", model.toString()));

        String verified = run(bed.client(
                tandem(),
                "verify",
                model.toString(),
                "--nodes",
                "3",
                "--scheme",
                "pipeline",
                "--cluster",
                bed.clusterFile().toString()));

        assertThat(verified).containsPattern("pipeline +3 +3 +1 ").contains("pass");
        assertThat(bed.nodes()).hasSize(3).allSatisfy(node -> {
            assertThat(bed.cpuSeconds(node.name(), "cpu")).isPositive();
            assertThat(bed.memoryPeak(node.name())).isBetween(50L << 20, node.memoryBytes());
            assertThat(bed.memoryKills(node.name())).isZero();
        });
    }

    @Test
    void putsTheThreadsOfEachCoreGroupIntoItsControlGroup(Testbed bed) throws Exception {
        for (BedNode node : bed.nodes()) {
            List<ProcessHandle> members = bed.processes(node.name());
            assertThat(members).hasSize(1);
            assertThat(bed.threads(node.name(), "cpu")).isNotEmpty().allSatisfy(thread -> assertThat(
                            Path.of("/proc/" + members.get(0).pid() + "/task/" + thread + "/comm"))
                    .hasContent("group-cpu"));
            assertThat(bed.folder().resolve("native/" + node.name())).isNotEmptyDirectory();
        }
    }

    @Test
    void isFoundByOtherProcessesWhichCannotEndIt(Testbed bed) throws Exception {
        try (Testbed found = Testbed.find("three").orElseThrow()) {
            assertThat(found.nodes()).isEqualTo(bed.nodes());
            found.cut(Set.of("one"), Set.of(Testbed.CLIENT, "two"));
            found.heal();
            found.linkRate("one", LinkShape.megabits(50));
            found.linkRate("one", LinkShape.megabits(100));
            found.share("one", "cpu", 0.3);
            found.share("one", "cpu", 0.6);
        }

        assertThat(bed.members()).allMatch(member -> member.state().isUp());
    }

    private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().put("TANDEM_NO_BUILD", "1");
        builder.environment().put("TANDEM_CLASS_ARCHIVE", "off");
        Path output = Files.createTempFile("testbed", ".out");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(MINUTE, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            return Files.readString(output);
        } finally {
            Files.delete(output);
        }
    }
}
